"""What a model's words about a file are held against: its functions, its calls, and the lines that hold code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stillwatch.codescan.finding import Location
from stillwatch.codescan.syntax import reading

if TYPE_CHECKING:
    from tree_sitter import Node

NAMING = frozenset({"function_definition", "class_definition"})


@dataclass(frozen=True, slots=True)
class Call:
    """A call, how what it calls is written, and the function it stands in."""

    location: Location
    written: str
    function: str


@dataclass(slots=True)
class Outline:
    """A file by its lines."""

    lines: list[str]
    calls: dict[int, Call] = field(default_factory=dict)
    """The outermost call that begins on a line."""
    code: set[int] = field(default_factory=set)
    """Lines that hold a name."""
    functions: dict[int, str] = field(default_factory=dict)
    """The innermost function around each line."""


def outline(path: str, text: str) -> Outline:
    made = Outline(text.split("\n"))
    todo: list[tuple[Node, str, str]] = [(reading.parsed(text), "", "")]
    while todo:
        node, name, function = todo.pop()
        if node.type in NAMING:
            found = node.child_by_field_name("name")
            name = ".".join(filter(None, (name, _text(found))))
            if node.type == "function_definition":
                function = name
                made.functions.update(
                    dict.fromkeys(range(node.start_point[0] + 1, node.end_point[0] + 2), function)
                )
        elif node.type == "identifier":
            made.code.add(node.start_point[0] + 1)
        elif node.type == "call":
            location = _location(path, made.lines, node)
            written = _text(node.child_by_field_name("function"))
            made.calls.setdefault(location.line, Call(location, written, function))
        todo.extend((child, name, function) for child in reversed(node.children))
    return made


def whole_line(path: str, lines: list[str], number: int) -> Location:
    text = lines[number - 1]
    return Location(path, number, len(text) - len(text.lstrip()) + 1, number, len(text) + 1)


def _text(node: Node | None) -> str:
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def _location(path: str, lines: list[str], node: Node) -> Location:
    """The node's range with columns in characters, where the parser counts bytes."""

    def column(row: int, offset: int) -> int:
        return len(lines[row].encode()[:offset].decode("utf-8", "ignore")) + 1

    (row, start), (end_row, end) = node.start_point, node.end_point
    return Location(path, row + 1, column(row, start), end_row + 1, column(end_row, end))
