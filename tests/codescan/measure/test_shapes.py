import sys
from random import Random
from textwrap import indent
from types import ModuleType

import pytest

from stillwatch.codescan.measure import shapes
from stillwatch.codescan.measure.words import Words

VALUES = [("kept", "dropped"), ('it\'s "5" > 4', "x"), ("", "other"), ("other", ""), ("Grüße", "Grüße")]


def load(monkeypatch, name, code):
    module = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(code, module.__dict__)
    return module


@pytest.mark.parametrize("shape", shapes.catalogue(), ids=lambda shape: shape.name)
def test_the_kept_value_arrives_whatever_the_two_hold(monkeypatch, shape):
    written = shapes.write(shape, "kept", "dropped", "result", Words(Random(3)), "parts")
    if written.helper_module is not None:
        package, _, name = written.helper_module.partition(".")
        helper = load(monkeypatch, written.helper_module, written.helper)
        setattr(load(monkeypatch, package, ""), name, helper)
    body = indent(written.body, "    ")
    code = f"{written.definitions}\n\ndef carry(kept, dropped):\n{body}    return result\n"
    carry = load(monkeypatch, "case_of_a_shape", code).carry
    assert [carry(*values) for values in VALUES] == [kept for kept, _ in VALUES]


def test_names_of_shapes_are_their_own():
    names = [shape.name for family in shapes.families().values() for shape in family]
    assert len(names) > 100
    assert all(len({shape.name for shape in family}) == len(family) for family in shapes.families().values())


def test_words_never_run_out_and_never_repeat():
    words = Words(Random(1))
    made = [words.snake() for _ in range(20_000)]
    assert len(set(made)) == len(made)
    assert all(name.isidentifier() for name in made)
