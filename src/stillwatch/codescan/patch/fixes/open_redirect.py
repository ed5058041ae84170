"""Redirects: a target that leads to another site is replaced by the site's own start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.site import Edit, NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "open-redirect"


def edits(site: Site) -> Iterator[Edit]:
    """Check the target; else make it a path of this site."""
    given = site.argument(0, "location", "url", "to")
    if given is None:
        raise NoFix("the target is not written out")
    found = templates.pieces(site, given.value)
    if isinstance(found[0], str) and found[0].strip("/"):
        raise NoFix(
            "the target begins with text of the program's own; what may follow is for a person to say"
        )
    edit = Edit("a target on another site is replaced")
    target = site.named(given.value, "target", edit)
    split = f"{site.using('urllib.parse', None, edit)}.urlsplit"
    guard = (
        f'if {split}({target}.replace("\\\\", "/")).netloc or {split}({target}).scheme:\n    {target} = "/"'
    )
    edit.before.setdefault(site.statement(site.call), []).append(guard)
    yield edit
    local = cst.parse_expression(f'"/" + str({site.code(given.value)}).replace("\\\\", "/").lstrip("/")')
    yield Edit("the target is made a path of this site", {given.value: local})
