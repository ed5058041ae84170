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
    reader = _Reader(placeholder, loose)
    for piece in found:
        if isinstance(piece, Hole):
            reader.hole(piece)
        else:
            for letter in piece:
                reader.letter(letter)
    if reader.quote:
        raise NoFix("a quote in the statement does not end")
    return reader.made


class _Reader:
    """Reads a statement letter by letter, inside quotes or outside them."""

    def __init__(self, placeholder: Callable[[int], str], loose: bool) -> None:  # noqa: FBT001 - of this module alone
        self.made, self.quote = Bound(), ""
        self._placeholder, self._loose = placeholder, loose
        self._value: list[Piece] = []

    def hole(self, piece: Hole) -> None:
        if self.quote:
            self._value.append(piece)
        elif self._loose and _VALUE_FOLLOWS.search(self.made.text):
            self._bound([piece])
        else:
            raise NoFix(
                "what is filled in is not a value: names of tables and columns, and parts of a statement, cannot be bound"
            )

    def letter(self, letter: str) -> None:
        if not self.quote and letter in "'\"":
            self.quote, self._value = letter, []
        elif not self.quote:
            self.made.text += letter
        elif letter == self.quote:
            self._close()
        elif self._value and isinstance(self._value[-1], str):
            self._value[-1] += letter
        else:
            self._value.append(letter)

    def _close(self) -> None:
        """At the end of a text in quotes: it stays if it is written out, and is bound if something is filled in."""
        if any(isinstance(piece, Hole) for piece in self._value):
            self._bound(self._value)
        else:
            written = "".join(piece for piece in self._value if isinstance(piece, str))
            self.made.text += self.quote + written + self.quote
        self.quote = ""

    def _bound(self, value: list[Piece]) -> None:
        self.made.values.append(value)
        self.made.text += self._placeholder(len(self.made.values))
