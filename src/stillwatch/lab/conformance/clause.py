"""One requirement of the standard, and how it is asked about."""

from collections.abc import Callable
from typing import Any

import msgspec


class Broken(Exception):
    """A server does not do what a clause says; the text says what it does."""


class NotApplicable(Exception):
    """A clause cannot be asked about here; the text says why."""


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """`run` raises Broken or NotApplicable. One that `spoils` may leave a server unusable, and is run last."""

    id: str
    section: str  # of the OASIS standard of 10 June 2021
    says: str  # in words of our own
    run: Callable[[Any], None]  # on a Target
    spoils: bool = False


def hold(condition: object, why: str) -> None:
    if not condition:
        raise Broken(why)


def same(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise Broken(f"{what} is {_short(found)}, not {_short(wanted)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:157]}…"
