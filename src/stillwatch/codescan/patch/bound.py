"""Statements in a query language whose values are handed over beside the text, in place of standing in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stillwatch.codescan.patch.site import NoFix
from stillwatch.codescan.patch.templates import Hole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stillwatch.codescan.patch.templates import Piece

_VALUE_FOLLOWS = re.compile(
    r"(?:[=<>,(]|\b(?:like|in|values|between|and|or|not|then|else|limit|offset|is))\s*$", re.IGNORECASE
)


@dataclass
class Bound:
    """The text with a placeholder for each value, and the values: each the pieces it is put together from."""

    text: str = ""
    values: list[list[Piece]] = field(default_factory=list)


def bind(found: Sequence[Piece], placeholder: Callable[[int], str], *, loose: bool) -> Bound:
    """Take the values out. `loose`: whether one that is not in quotes may be bound. Raises NoFix where one is no value."""
    made = Bound()
    quote = ""
    value: list[Piece] = []
    for piece in found:
        if isinstance(piece, Hole):
            if quote:
                value.append(piece)
            elif loose and _VALUE_FOLLOWS.search(made.text):
                made.values.append([piece])
                made.text += placeholder(len(made.values))
            else:
                raise NoFix(
                    "what is filled in is not a value: names of tables and columns, and parts of a statement, cannot be bound"
                )
            continue
        for letter in piece:
            if not quote:
                if letter in "'\"":
                    quote, value = letter, []
                else:
                    made.text += letter
            elif letter == quote:
                _close(made, quote, value, placeholder)
                quote = ""
            elif value and isinstance(value[-1], str):
                value[-1] += letter
            else:
                value.append(letter)
    if quote:
        raise NoFix("a quote in the statement does not end")
    return made


def _close(made: Bound, quote: str, value: list[Piece], placeholder: Callable[[int], str]) -> None:
    """At the end of a text in quotes: it stays if it is written out, and is bound if something is filled in."""
    if any(isinstance(piece, Hole) for piece in value):
        made.values.append(value)
        made.text += placeholder(len(made.values))
    else:
        made.text += quote + "".join(piece for piece in value if isinstance(piece, str)) + quote
