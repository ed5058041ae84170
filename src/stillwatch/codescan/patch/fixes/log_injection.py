"""Logs: line breaks in what is filled into an entry are written out, so that it stays one entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import flows, templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "log-injection"


def edits(site: Site) -> Iterator[Edit]:
    """Write the line breaks out in each hole of the text, and in what is handed over beside it."""
    if not site.call.args or any(one.star for one in site.call.args):
        raise NoFix("the entry is not written out")
    found: list[templates.Hole] = []
    for one in site.call.args:
        if one.keyword is None or one.keyword.value == "msg":
            found.extend(templates.foreign(site, templates.pieces(site, one.value)))
    found = [hole for hole in found if not _is_number(site, hole.node)]
    if len(found) > 1:
        found = [hole for hole in found if flows.through(site, hole.node)]
    if not found:
        raise NoFix("the entry is put together elsewhere")
    edit = Edit("line breaks in the entry are written out")
    for hole in found:
        text = site.code(hole.node) if templates.is_text(site, hole.node) else f"str({site.code(hole.node)})"
        edit.replaced[hole.node] = cst.parse_expression(
            f"{text}.replace('\\r', r'\\r').replace('\\n', r'\\n')"
        )
    yield edit


def _is_number(site: Site, node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Call) and site.code(node.func) in {"len", "int", "float", "round", "sum"}


EXAMPLES = [
    (
        """
import logging
from flask import Flask, request

app = Flask(__name__)
LOG = logging.getLogger(__name__)

@app.route("/login", methods=["POST"])
def login():
    name = request.form["name"]
    LOG.warning("login of %s failed after %d tries", name, len(name))
    return {"done": True}
""",
        """
import logging
from flask import Flask, request

app = Flask(__name__)
LOG = logging.getLogger(__name__)

@app.route("/login", methods=["POST"])
def login():
    name = request.form["name"]
    LOG.warning("login of %s failed after %d tries", str(name).replace('\\r', r'\\r').replace('\\n', r'\\n'), len(name))
    return {"done": True}
""",
    ),
]
