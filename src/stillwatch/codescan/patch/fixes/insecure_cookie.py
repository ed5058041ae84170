"""Cookies: `secure=True`, so that browsers send them over TLS only. A site that is served over plain HTTP loses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site, with_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "insecure-cookie"
PLACE = 5  # of `secure` among the arguments of set_cookie


def edits(site: Site) -> Iterator[Edit]:
    """Set the flag."""
    note = "the cookie is sent over TLS only"
    yes = cst.Name("True")
    unpacked = [one for one in site.call.args if one.star]
    if len(unpacked) == 1 and unpacked[0].star == "**" and _unsaid(site):
        value = unpacked[0].value
        yield Edit(note, {value: cst.parse_expression(f'{{**{site.code(value)}, "secure": True}}')})
        return
    given = site.argument(PLACE, "secure")
    if given is not None:
        yield Edit(note, {given.value: yes})
        return
    if not site.call.args:
        raise NoFix("the arguments are not written out")
    yield Edit(note, {site.call: with_keyword(site.call, "secure", "True")})


def _unsaid(site: Site) -> bool:
    """Whether the call itself says nothing of the flag."""
    return not any(one.keyword is not None and one.keyword.value == "secure" for one in site.call.args)


EXAMPLES = [
    (
        """
from flask import Flask, make_response

app = Flask(__name__)

@app.route("/")
def start():
    response = make_response("hello")
    settings = {"httponly": True, "secure": False}
    response.set_cookie("session", "1", **settings)
    return response
""",
        """
from flask import Flask, make_response

app = Flask(__name__)

@app.route("/")
def start():
    response = make_response("hello")
    settings = {"httponly": True, "secure": False}
    response.set_cookie("session", "1", **{**settings, "secure": True})
    return response
""",
    ),
]
