"""What the flow that was found says of expressions in the file: which of them hold others' data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from stillwatch.codescan.patch.site import Site

STORED = re.compile(r"^stored in (\w+)$")


def through(site: Site, node: cst.BaseExpression) -> bool:
    """Whether the flow goes through an expression: it names what data was stored in, or takes data in."""
    names = {found.group(1) for step in site.finding.trace if (found := STORED.match(step.note))}
    text = site.code(node)
    if any(re.search(rf"\b{name}\b", text) for name in names):
        return True
    keys = [source.key for source in site.finding.inputs if source.key]
    return any(repr(key)[1:-1] in text for key in keys)
