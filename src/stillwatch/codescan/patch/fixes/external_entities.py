"""XML: external entities are switched off where they were switched on.

Left to a person: parsers that are set up in another function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "external-entities"
FEATURES = (
    "feature_external_ges",
    "external-general-entities",
    "feature_external_pes",
    "external-parameter-entities",
)


def edits(site: Site) -> Iterator[Edit]:
    """Switch them off."""
    finder = _Switches(site)
    site.function.visit(finder)
    if not finder.found:
        raise NoFix("where the parser is told to read external entities is not in this function")
    yield Edit("external entities stay out", {node: cst.Name("False") for node in finder.found})


class _Switches(cst.CSTVisitor):
    """The values that switch entities on."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.found: list[cst.BaseExpression] = []

    def visit_Call(self, node: cst.Call) -> None:
        name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        if (
            name == "setFeature"
            and len(node.args) > 1
            and self._site.code(node.args[0]).rstrip(", \"'").endswith(FEATURES)
        ):
            self.found.append(node.args[1].value)
        for one in node.args:
            if one.keyword is not None and one.keyword.value == "resolve_entities":
                self.found.append(one.value)
