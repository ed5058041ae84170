"""Texts that are put together from pieces: f-strings, `+`, `%` and `format`, read as what is written and what is filled in."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.site import NoFix, Site, called

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FIELD = re.compile(r"%(?P<kind>[sdif%r])|%")
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)\}")


@dataclass(frozen=True)
class Hole:
    """An expression that is filled in; `number` where it is formatted as one, and so holds nothing else."""

    node: cst.BaseExpression
    number: bool = False


Piece = str | Hole
GIVES_TEXT = frozenset({
    "str", "repr", "strip", "lower", "upper", "title", "replace", "join", "format", "unquote", "unquote_plus", "quote"
})  # fmt: skip
"""Calls whose result is a text whatever they are given."""


def pieces(site: Site, expression: cst.BaseExpression) -> list[Piece]:
    """The pieces of a text, neighbours that are written out put together. Raises NoFix where it is built in another way."""
    merged: list[Piece] = []
    for piece in _pieces(site, expression):
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return merged


def _pieces(site: Site, node: cst.BaseExpression) -> Iterator[Piece]:
    match node:
        case cst.SimpleString():
            value = node.evaluated_value
            if not isinstance(value, str):
                raise NoFix("the text is made of bytes")
            yield value
        case cst.ConcatenatedString():
            yield from _pieces(site, node.left)
            yield from _pieces(site, node.right)
        case cst.FormattedString():
            yield from _formatted(node)
        case cst.BinaryOperation(operator=cst.Add()):
            yield from _pieces(site, node.left)
            yield from _pieces(site, node.right)
        case cst.BinaryOperation(operator=cst.Modulo()):
            yield from _percent(node)
        case cst.Call(func=cst.Attribute(value=cst.SimpleString(), attr=cst.Name("format"))):
            yield from _by_format(node)
        case cst.Call(
            func=cst.Attribute(value=cst.SimpleString(), attr=cst.Name("join")),
            args=[cst.Arg(value=cst.List() as items)],
        ):
            yield from _by_join(site, node, items)
        case _:
            yield Hole(node)


def _by_join(site: Site, node: cst.Call, items: cst.List) -> Iterator[Piece]:
    assert isinstance(node.func, cst.Attribute)
    assert isinstance(node.func.value, cst.SimpleString)
    between = node.func.value.evaluated_value
    assert isinstance(between, str)
    for number, element in enumerate(items.elements):
        if isinstance(element, cst.StarredElement):
            raise NoFix("the text is joined from a list that is not written out")
        if number:
            yield between
        yield from _pieces(site, element.value)


def _formatted(node: cst.FormattedString) -> Iterator[Piece]:
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            yield _evaluated(part.value, node)
        elif isinstance(part, cst.FormattedStringExpression):
            yield Hole(part.expression, number=_is_number(part))


def _is_number(part: cst.FormattedStringExpression) -> bool:
    if part.conversion is not None:
        raise NoFix("the text is formatted with a conversion")
    if part.format_spec is None:
        return False
    spec = "".join(one.value for one in part.format_spec if isinstance(one, cst.FormattedStringText))
    if spec[-1:] in {"d", "f", "x"}:
        return True
    raise NoFix("the text is formatted with a width")


def _evaluated(text: str, node: cst.FormattedString) -> str:
    plain = text.replace("{{", "{").replace("}}", "}")
    prefix = "r" if "r" in node.start.lower().rstrip("'\"") else ""
    quote = node.end
    value = ast.literal_eval(f"{prefix}{quote}{plain}{quote}") if "\\" in plain else plain
    assert isinstance(value, str)
    return value


def _percent(node: cst.BinaryOperation) -> Iterator[Piece]:
    if not isinstance(node.left, cst.SimpleString) or not isinstance(node.left.evaluated_value, str):
        raise NoFix("the text is not written out where it is formatted")
    text = node.left.evaluated_value
    if isinstance(node.right, cst.Dict):
        raise NoFix("the text is formatted from a dictionary")
    values = [one.value for one in node.right.elements] if isinstance(node.right, cst.Tuple) else [node.right]
    end = taken = 0
    for found in _FIELD.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        kind = found.group("kind")
        if kind == "%":
            yield "%"
        elif kind in {"s", "d", "i", "f"} and taken < len(values):
            yield Hole(values[taken], number=kind != "s")
            taken += 1
        else:
            raise NoFix("the text is formatted in a way that is not read here")
    yield text[end:]


def _by_format(node: cst.Call) -> Iterator[Piece]:
    assert isinstance(node.func, cst.Attribute)
    assert isinstance(node.func.value, cst.SimpleString)
    text = node.func.value.evaluated_value
    assert isinstance(text, str)
    placed = [one.value for one in node.args if one.keyword is None]
    named = {one.keyword.value: one.value for one in node.args if one.keyword is not None}
    end = taken = 0
    if any(one.star for one in node.args):
        raise NoFix("the arguments are not written out")
    for found in _BRACES.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        name = found.group("name")
        if name is None:
            yield found.group(0)[0]
            continue
        value = named.get(name)
        if value is None:
            place = int(name) if name.isdigit() else taken
            taken += not name
            if (name and not name.isdigit()) or place >= len(placed):
                raise NoFix("the text is formatted in a way that is not read here")
            value = placed[place]
        yield Hole(value)
    if "{" in _BRACES.sub("", text):
        raise NoFix("the text is formatted in a way that is not read here")
    yield text[end:]


def is_fixed(site: Site, node: cst.BaseExpression) -> bool:
    """Whether what is filled in is the program's own: a constant by its name, a number, a text written out."""
    if isinstance(node, (cst.SimpleString, cst.Integer, cst.Float)):
        return True
    name = site.code(node).rpartition(".")[2]
    return name.isidentifier() and name.isupper()


def foreign(site: Site, found: Sequence[Piece]) -> list[Hole]:
    """The holes that others' data may fill."""
    return [one for one in found if isinstance(one, Hole) and not one.number and not is_fixed(site, one.node)]


def is_text(site: Site, node: cst.BaseExpression) -> bool:
    """Whether an expression surely gives a text: one that is put together, or comes of a call that gives nothing else."""
    match node:
        case cst.SimpleString() | cst.FormattedString() | cst.ConcatenatedString():
            return True
        case cst.Call(func=function):
            return site.code(function).rpartition(".")[2] in GIVES_TEXT
    return False


def in_quotes(found: Sequence[Piece]) -> Iterator[bool]:
    """For each hole, whether it stands in quotes that the text itself has opened."""
    quote = ""
    for piece in found:
        if isinstance(piece, Hole):
            yield bool(quote)
            continue
        for letter in piece:
            if quote == letter:
                quote = ""
            elif not quote and letter in "'\"":
                quote = letter


def wrapped(function: str, holes: Sequence[Hole], *, text: bool = False) -> dict[cst.CSTNode, cst.CSTNode]:
    """Each hole's expression handed to a function; as a text again with `text`."""
    made: dict[cst.CSTNode, cst.CSTNode] = {}
    for hole in holes:
        inner: cst.BaseExpression = called(function, hole.node)
        made[hole.node] = called("str", inner) if text else inner
    return made


def literal(text: str) -> cst.SimpleString:
    """A text written out, in double quotes where that needs no escapes."""
    shown = repr(text)
    if '"' not in text and "\\" not in shown:
        shown = f'"{text}"'
    return cst.SimpleString(shown)
