"""What the small provider answers: pieces of reasoning, text and calls of tools."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

CREATED = 1_772_438_400  # 2026-03-02T08:00:00Z
CUT = 7  # characters of a streamed delta
TOKENS_IN = 11


class Piece(msgspec.Struct, frozen=True):
    """A part of an answer; of a call, `text` holds the arguments."""

    kind: Literal["reasoning", "text", "call"]
    text: str


SCRIPT = (
    Piece("reasoning", "The user wants the weather, so I look it up. Ω is cut in streams."),
    Piece("text", "Let me look that up."),
    Piece("call", '{"city": "Bern"}'),
    Piece("text", "It rains in Bern — take a coat. ☂"),
)


def join(script: Sequence[Piece], kind: str) -> str:
    return "".join(piece.text for piece in script if piece.kind == kind)


def cut(text: str) -> Iterator[str]:
    return (text[start : start + CUT] for start in range(0, len(text), CUT))


def tokens(script: Sequence[Piece]) -> int:
    return 1 + sum(len(piece.text) for piece in script) // 4
