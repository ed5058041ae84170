"""Redirects: a target that leads to another site is replaced by the site's own start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "open-redirect"


def edits(site: Site) -> Iterator[Edit]:
    """Check the target; else make it a path of this site."""
    given = _target(site)
    found = templates.pieces(site, given)
    if isinstance(found[0], str) and found[0].strip("/"):
        raise NoFix(
            "the target begins with text of the program's own; what may follow is for a person to say"
        )
    edit = Edit("a target on another site is replaced")
    target = site.named(given, "target", edit)
    split = f"{site.using('urllib.parse', None, edit)}.urlsplit"
    guard = (
        f'if {split}({target}.replace("\\\\", "/")).netloc or {split}({target}).scheme:\n    {target} = "/"'
    )
    edit.before.setdefault(site.statement(site.node), []).append(guard)
    yield edit
    local = cst.parse_expression(f'"/" + str({site.code(given)}).replace("\\\\", "/").lstrip("/")')
    yield Edit("the target is made a path of this site", {given: local})


def _target(site: Site) -> cst.BaseExpression:
    """Where the redirect leads: an argument of the call, or what is stored as the header."""
    if isinstance(site.node, cst.Assign):
        return site.node.value
    given = site.argument(0, "location", "url", "to", "redirect_to")
    if given is None:
        raise NoFix("the target is not written out")
    return given.value
