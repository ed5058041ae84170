"""Debug mode: off in the code. Who wants it while developing says so on the command line or in the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "debug-mode"


def edits(site: Site) -> Iterator[Edit]:
    """Switch it off."""
    if isinstance(site.node, cst.Assign):
        value: cst.BaseExpression | None = site.node.value
    else:
        given = site.argument(99, "debug")
        value = None if given is None else given.value
    if value is None or site.code(value) != "True":
        raise NoFix("where the mode is switched on is not here")
    yield Edit("debug mode is off", {value: cst.Name("False")})
