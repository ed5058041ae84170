"""XML: the parser keeps its bounds. Documents that are larger than they allow are refused then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "unsafe-xml"


def edits(site: Site) -> Iterator[Edit]:
    """Leave `huge_tree` off where it was switched on."""
    found: dict[cst.CSTNode, cst.CSTNode] = {}

    class Switches(cst.CSTVisitor):
        def visit_Arg(self, node: cst.Arg) -> None:
            if (
                node.keyword is not None
                and node.keyword.value == "huge_tree"
                and site.code(node.value) == "True"
            ):
                found[node.value] = cst.Name("False")

    site.function.visit(Switches())
    if not found:
        raise NoFix("where the parser is told to read huge trees is not in this function")
    yield Edit("the parser keeps its bounds", found)


EXAMPLES = [
    (
        """
import lxml.etree
from flask import Flask, request

app = Flask(__name__)

@app.route("/order", methods=["POST"])
def order():
    root = lxml.etree.fromstring(request.get_data(), lxml.etree.XMLParser(huge_tree=True))
    return {"items": len(root)}
""",
        """
import lxml.etree
from flask import Flask, request

app = Flask(__name__)

@app.route("/order", methods=["POST"])
def order():
    root = lxml.etree.fromstring(request.get_data(), lxml.etree.XMLParser(huge_tree=False))
    return {"items": len(root)}
""",
    ),
]
