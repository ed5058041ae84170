"""Strings: prefixes, escapes, adjacent pieces, and the expressions inside f-strings."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from stillwatch.codescan.syntax import nodes
from stillwatch.codescan.syntax.parsed import at, inner, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as Parsed

    Lower = Callable[[Parsed], nodes.Expression]

_ESCAPE = re.compile(
    r"\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]+\}|.)", re.DOTALL
)
_BYTES_KEEP = frozenset("uUN")


def string(node: Parsed, expression: Lower) -> nodes.Expression:
    """One string literal: a constant, or joined pieces where expressions stand inside."""
    return _whole(node, _pieces(node, expression))


def strings(node: Parsed, expression: Lower) -> nodes.Expression:
    """Adjacent literals, which Python makes one of."""
    literals = [child for child in node.named_children if child.type == "string"]
    return _whole(node, [piece for literal in literals for piece in _pieces(literal, expression)])


def _whole(node: Parsed, pieces: list[nodes.Expression]) -> nodes.Expression:
    if all(isinstance(piece, nodes.Constant) for piece in pieces):
        values = [piece.value for piece in pieces if isinstance(piece, nodes.Constant)]
        if values and all(isinstance(value, bytes) for value in values):
            return nodes.Constant(at(node), b"".join(value for value in values if isinstance(value, bytes)))
        return nodes.Constant(at(node), "".join(value for value in values if isinstance(value, str)))
    return nodes.Joined(at(node), tuple(pieces))


def _pieces(node: Parsed, expression: Lower) -> list[nodes.Expression]:
    start = text(node.children[0]) if node.children else ""
    prefix = start.rstrip("'\"").lower()
    raw, binary = "r" in prefix, "b" in prefix
    pieces: list[nodes.Expression] = []
    for child in node.children:
        if child.type == "string_content":
            written = text(child)
            if "f" in prefix or "t" in prefix:
                written = written.replace("{{", "{").replace("}}", "}")
            if binary:
                data = written.encode("utf-8", "surrogateescape") if raw else _bytes(written)
                pieces.append(nodes.Constant(at(child), data))
            else:
                pieces.append(nodes.Constant(at(child), written if raw else _ESCAPE.sub(_escape, written)))
        elif child.type == "interpolation":
            pieces.append(_interpolation(child, expression))
    return pieces or [nodes.Constant(at(node), b"" if binary else "")]


def _interpolation(node: Parsed, expression: Lower) -> nodes.Expression:
    found = node.child_by_field_name("expression")
    conversion = node.child_by_field_name("type_conversion")
    specification = node.child_by_field_name("format_specifier")
    made: nodes.Expression | None = None
    if specification is not None:
        nested = [child for child in inner(specification) if child.type == "format_expression"]
        made = (
            nodes.Joined(at(specification), tuple(_interpolation(child, expression) for child in nested))
            if nested
            else nodes.Constant(at(specification), text(specification).removeprefix(":"))
        )
    value = nodes.Name(at(node), "?") if found is None else expression(found)
    return nodes.Formatted(
        at(node), value, "" if conversion is None else text(conversion).removeprefix("!"), made
    )


def _escape(found: re.Match[str]) -> str:
    written = found.group(0)
    try:
        value = ast.literal_eval(f'"{written}"') if written not in {'\\"', "\\\n"} else None
    except (ValueError, SyntaxError):  # an escape Python does not know stands for itself
        return written
    if written == "\\\n":
        return ""
    return '"' if value is None else str(value)


def _bytes(written: str) -> bytes:
    def escape(found: re.Match[str]) -> str:
        return found.group(0) if found.group(1)[0] in _BYTES_KEEP else _escape(found)

    return (
        _ESCAPE.sub(escape, written).encode("utf-8", "surrogateescape")
        if not written.isascii()
        else (_ESCAPE.sub(escape, written).encode("latin-1", "replace"))
    )
