"""How deep code is nested, found without recursion: LibCST's parser ends the process where code is nested without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.syntax import reading

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH_LIMIT = 100  # nodes of the tree inside each other; code written by hand has some forty


def nested_too_deep(text: str) -> bool:
    """Whether a text is nested too deep for LibCST, or is no Python, of which nobody knows how deep it is."""
    root = reading.parsed(text)
    if root.has_error:
        return True
    todo: list[tuple[Node, int]] = [(root, 1)]
    while todo:
        node, depth = todo.pop()
        if depth > DEPTH_LIMIT:
            return True
        todo.extend((child, depth + 1) for child in node.children)
    return False
