"""Cookies: `secure=True`, so that browsers send them over TLS only. A site that is served over plain HTTP loses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.site import Edit, NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "insecure-cookie"
PLACE = 5  # of `secure` among the arguments of set_cookie
EQUALS = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def edits(site: Site) -> Iterator[Edit]:
    """Set the flag."""
    note = "the cookie is sent over TLS only"
    given = site.argument(PLACE, "secure")
    yes = cst.Name("True")
    if given is not None:
        yield Edit(note, {given.value: yes})
        return
    if any(one.star for one in site.call.args) or not site.call.args:
        raise NoFix("the arguments are not written out")
    spaced = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    *before, last = site.call.args
    comma = last.comma if isinstance(last.comma, cst.Comma) else spaced
    args = [*before, last.with_changes(comma=comma), cst.Arg(yes, keyword=cst.Name("secure"), equal=EQUALS)]
    yield Edit(note, {site.call: site.call.with_changes(args=args)})
