"""Code: `eval` of data becomes `ast.literal_eval`, which reads literals and runs nothing.

Left to a person: `exec`, `compile` and templates, whose data is meant to be a program, and `eval` with names of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.site import Edit, NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "code-injection"


def edits(site: Site) -> Iterator[Edit]:
    """Read a literal."""
    if site.finding.sink != "eval":
        raise NoFix("what is run here is meant to be a program: only a list of what is allowed helps")
    if len(site.call.args) != 1:
        raise NoFix("the expression is given names to work with")
    edit = Edit("only a literal is read")
    function = f"{site.using('ast', None, edit)}.literal_eval"
    edit.replaced[site.call] = site.call.with_changes(func=cst.parse_expression(function))
    yield edit
