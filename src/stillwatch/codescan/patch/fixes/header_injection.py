"""Headers: line breaks are taken out of what is put into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "header-injection"


def edits(site: Site) -> Iterator[Edit]:
    """Take the line breaks out of each hole."""
    if isinstance(site.node, cst.Assign):
        value = site.node.value
    else:
        given = site.argument(1, "value")
        if given is None:
            raise NoFix("the header is not written out")
        value = given.value
    holes = templates.foreign(site, templates.pieces(site, value))
    if not holes:
        raise NoFix("the header is put together elsewhere")
    edit = Edit("line breaks are taken out of the header")
    for hole in holes:
        text = site.code(hole.node) if templates.is_text(site, hole.node) else f"str({site.code(hole.node)})"
        edit.replaced[hole.node] = cst.parse_expression(f"{text}.replace('\\r', '').replace('\\n', '')")
    yield edit


EXAMPLES = [
    (
        """
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-Asked", f"path {unquote(self.path)}")
        self.end_headers()
""",
        """
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-Asked", f"path {unquote(self.path).replace('\\r', '').replace('\\n', '')}")
        self.end_headers()
""",
    ),
]
