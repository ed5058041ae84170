"""From the parser's nodes to patterns of `match`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stillwatch.codescan.syntax import nodes
from stillwatch.codescan.syntax.expressions import expression
from stillwatch.codescan.syntax.parsed import at, has, inner, text

if TYPE_CHECKING:
    from tree_sitter import Node as Parsed

Lower = Callable[["Parsed"], nodes.Pattern]


def pattern(node: Parsed) -> nodes.Pattern:
    """The pattern of a node; what the parser could not make sense of matches anything."""
    if node.type == "case_pattern":
        return _case_pattern(node)
    made = PATTERNS.get(node.type)
    return nodes.ValuePattern(at(node), expression(node)) if made is None else made(node)


def _case_pattern(node: Parsed) -> nodes.Pattern:
    children = inner(node)
    if not children:
        return nodes.CapturePattern(at(node), None, None)
    if has(node, "-"):
        return nodes.ValuePattern(at(node), nodes.Unary(at(node), "-", expression(children[0])))
    return pattern(children[0])


def _named(node: Parsed) -> nodes.Pattern:
    name = text(node)
    if "." in name:
        return nodes.ValuePattern(at(node), expression(node))
    return nodes.CapturePattern(at(node), None if name == "_" else name, None)


def _as(node: Parsed) -> nodes.Pattern:
    parts = inner(node)
    return nodes.CapturePattern(at(node), text(parts[-1]), pattern(parts[0]))


def _splat(node: Parsed) -> nodes.StarPattern:
    names = inner(node)
    return nodes.StarPattern(at(node), text(names[0]) if names else None)


def _mapping(node: Parsed) -> nodes.Pattern:
    keys = [expression(child) for child in node.children_by_field_name("key")]
    values = [pattern(child) for child in node.children_by_field_name("value")]
    rest = next((_splat(child).name for child in node.named_children if child.type == "splat_pattern"), None)
    return nodes.MappingPattern(at(node), tuple(zip(keys, values, strict=False)), rest)


def _class(node: Parsed) -> nodes.Pattern:
    kind, *rest = inner(node)
    positional: list[nodes.Pattern] = []
    keywords: list[tuple[str, nodes.Pattern]] = []
    for child in rest:
        only = child if child.type == "keyword_pattern" else next(iter(inner(child)), child)
        if only.type == "keyword_pattern":
            name, *value = inner(only)
            anything = nodes.CapturePattern(at(child), None, None)
            keywords.append((text(name), pattern(value[0]) if value else anything))
        else:
            positional.append(pattern(child))
    return nodes.ClassPattern(at(node), expression(kind), tuple(positional), tuple(keywords))


def _sequence(node: Parsed) -> nodes.Pattern:
    return nodes.SequencePattern(at(node), tuple(pattern(child) for child in inner(node)))


PATTERNS: dict[str, Lower] = {
    "identifier": _named,
    "dotted_name": _named,
    "as_pattern": _as,
    "splat_pattern": _splat,
    "union_pattern": lambda node: nodes.AnyOfPattern(at(node), tuple(map(pattern, inner(node)))),
    "list_pattern": _sequence,
    "tuple_pattern": _sequence,
    "dict_pattern": _mapping,
    "class_pattern": _class,
}
