"""Edits by rule: one file each, found by walking this folder.

A file has `RULE`, the rule's id, and `edits(site)`, which yields the edits that may end the weakness, the best first, or
raises NoFix with the reason why there is none. Its docstring says what is done and what is left to a person.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stillwatch.codescan.patch.edit import Edit
    from stillwatch.codescan.patch.site import Site


@cache
def catalogue() -> dict[str, Callable[[Site], Iterator[Edit]]]:
    """The maker of edits of each rule that has one."""
    found = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {module.RULE: module.edits for module in found}
