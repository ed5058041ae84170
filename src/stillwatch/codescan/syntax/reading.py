"""One file: from its bytes to its tree, and to what of it could not be read."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from stillwatch.codescan.syntax import statements
from stillwatch.codescan.syntax.parsed import at

if TYPE_CHECKING:
    from tree_sitter import Node as Parsed
    from tree_sitter import Parser

    from stillwatch.codescan.syntax import nodes

_DECLARED = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
NESTING_LIMIT = 6_000  # calls: deeper trees are generated, and would exhaust the stack


class Unreadable(Exception):
    """A file that is not Python text; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its text by lines, its tree, and the lines the parser could not make sense of."""

    path: str
    lines: tuple[str, ...]
    tree: nodes.Module
    broken: tuple[int, ...]


@cache
def _parser() -> Parser:
    import tree_sitter  # noqa: PLC0415 - the extra `codescan`
    import tree_sitter_python  # noqa: PLC0415 - as above

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


def read(path: str, data: bytes) -> Source:
    """Parse a file.

    Raises Unreadable where it is binary, in an unknown encoding, or nested beyond any hand-written program.
    """
    text = decoded(data)
    root = parsed(text)
    broken = _broken(root) if root.has_error else ()
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, NESTING_LIMIT))
    try:
        tree = statements.module(root)
    except RecursionError:
        raise Unreadable("nested too deep to be read") from None
    finally:
        sys.setrecursionlimit(before)
    return Source(path, tuple(text.split("\n")), tree, broken)


def parsed(text: str) -> Parsed:
    """The parser's own tree of a text."""
    return _parser().parse(text.encode("utf-8")).root_node


def decoded(data: bytes) -> str:
    """The text of a file in the encoding it declares (PEP 263), UTF-8 where it declares none."""
    if b"\0" in data:
        raise Unreadable("binary: it holds NUL bytes")
    encoding = "utf-8-sig"
    for line in data.split(b"\n", 2)[:2]:
        if found := _DECLARED.match(line):
            encoding = found.group(1).decode("ascii", "replace")
            break
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except LookupError:
        raise Unreadable(f"it declares the encoding {encoding}, which is not known") from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"not {encoding.removesuffix('-sig')}: byte {error.start}") from None


def _broken(root: Parsed) -> tuple[int, ...]:
    lines: set[int] = set()
    todo = [root]
    while todo:
        node = todo.pop()
        if node.type == "ERROR" or node.is_missing:
            lines.add(at(node)[0])
        elif node.has_error:
            todo.extend(node.children)
    return tuple(sorted(lines))
