"""Every file of edits, on the examples it brings: each bad program becomes the fixed one, which the scanner no longer finds."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from patching import first, found_in

from stillwatch.codescan.patch import fixes

MODULES = [import_module(f"{fixes.__name__}.{found.name}") for found in iter_modules(fixes.__path__)]
EXAMPLES = [(module.RULE, *pair) for module in MODULES for pair in getattr(module, "EXAMPLES", ())]


@pytest.mark.parametrize(("rule", "bad", "fixed"), EXAMPLES, ids=[rule for rule, _, _ in EXAMPLES])
def test_the_first_edit_makes_the_fixed_program(tmp_path, rule, bad, fixed):
    assert first(tmp_path, bad, rule) == fixed
    assert rule not in {finding.rule for finding in found_in(fixed)}
