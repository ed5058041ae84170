"""What a regular expression asks of a text at its ends: a payload that holds it may get through."""

from __future__ import annotations

import re
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]  # the parser Python itself uses
from re import _parser as parser  # type: ignore[attr-defined]  # as above


@cache
def ends(pattern: str | bytes, flags: int = 0) -> tuple[str, ...]:
    """The literal text a pattern begins and ends with."""
    try:
        parts = list(parser.parse(pattern, flags))
    except (re.error, RecursionError, OverflowError):
        return ()
    found = (_literal(parts), _literal(parts[::-1])[::-1])
    return tuple(text for text in found if text)


def _literal(parts: list[tuple[object, object]]) -> str:
    text = ""
    for code, value in parts:
        if code is codes.AT and not text:
            continue
        if code is not codes.LITERAL or not isinstance(value, int):
            break
        text += chr(value)
    return text
