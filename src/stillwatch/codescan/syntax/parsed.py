"""Reading the parser's nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node as Parsed

    from stillwatch.codescan.syntax import nodes

_NO_MEANING = frozenset({"comment", "line_continuation"})


def at(node: Parsed) -> nodes.At:
    (line, column), (end_line, end_column) = node.start_point, node.end_point
    return line + 1, column + 1, end_line + 1, end_column + 1


def text(node: Parsed) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def inner(node: Parsed) -> list[Parsed]:
    """The children that mean something."""
    return [child for child in node.named_children if child.type not in _NO_MEANING]


def field(node: Parsed, name: str) -> Parsed:
    """A field the grammar guarantees; in a tree with errors it can be missing, then the node stands for it."""
    return node.child_by_field_name(name) or node


def has(node: Parsed, token: str) -> bool:
    return any(child.type == token for child in node.children)
