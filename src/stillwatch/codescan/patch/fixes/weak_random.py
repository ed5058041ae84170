"""Random numbers: the same call of `random.SystemRandom`, which takes its numbers from the system.

Left to a person: code that seeds the generator, and so means its numbers to repeat.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "weak-random"
_SEEDED = re.compile(r"\brandom\.seed\(|\bfrom random import [^\n]*\bseed\b")


def edits(site: Site) -> Iterator[Edit]:
    """Take the number from the system."""
    if _SEEDED.search(site.module.code):
        raise NoFix("the generator is seeded: its numbers are meant to repeat")
    function = site.call.func
    name = site.finding.sink.rpartition(".")[2]
    if isinstance(function, cst.Attribute) and function.attr.value == name:
        owner = cst.Call(cst.Attribute(function.value, cst.Name("SystemRandom")))
        yield Edit(
            "the system's generator gives the number", {function: cst.Attribute(owner, cst.Name(name))}
        )
        return
    if not isinstance(function, cst.Name):
        raise NoFix("how the function is called is not read here")
    edit = Edit("the system's generator gives the number")
    owner = cst.Call(cst.Name(site.using("random", "SystemRandom", edit)))
    edit.replaced[function] = cst.Attribute(owner, cst.Name(name))
    yield edit
