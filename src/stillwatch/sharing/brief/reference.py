"""Dated facts from outside: chips, thresholds, legal clocks, anchors and estimative words, each row with its source.

`status` says how far a row was confirmed: `confirmed` from the text itself, `secondary` from what others write about
it, `unconfirmed` where it was not seen. Dates are days of the calendar; `as_of` is the day a row was last looked up.
"""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec

Status = Literal["confirmed", "secondary", "unconfirmed"]
Row = TypeVar("Row")


class Chip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chip by the most operations a second that it can do."""

    id: str
    name: str
    peak: float  # dense 16-bit operations a second
    as_of: date
    status: Status
    note: str
    source: str


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of training from which a rule holds."""

    id: str
    name: str
    flop: float
    since: date | None = msgspec.field(name="from")
    until: date | None
    as_of: date
    state: str
    status: Status
    note: str
    source: str


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be told to whom by when."""

    id: str
    name: str
    since: date | None = msgspec.field(name="from")
    until: date | None
    as_of: date
    clock: str
    status: Status
    note: str
    source: str


class Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A training run whose size was published. Missing parts were not published, or could not be confirmed."""

    id: str
    name: str
    what: Literal["fed", "sampling", "teacher"]
    tokens: float | None
    exchanges: float
    parameters: float  # used for a token
    epochs: float | None
    chip: str
    chip_hours: float
    note: str
    source: str

    @property
    def flop(self) -> float | None:
        """Six operations a parameter and token, where all of it was published."""
        if self.tokens is None or self.epochs is None:
            return None
        return 6 * self.parameters * self.tokens * self.epochs


class Likelihood(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of ICD-203 for a probability."""

    words: str
    low: float
    high: float


def rows(name: str, kind: type[list[Row]]) -> list[Row]:
    content = (files("stillwatch.sharing.brief") / "data" / f"{name}.json").read_bytes()
    return msgspec.json.decode(content, type=kind)


@cache
def chips() -> dict[str, Chip]:
    return {row.id: row for row in rows("chips", list[Chip])}


@cache
def thresholds() -> list[Threshold]:
    return rows("thresholds", list[Threshold])


@cache
def clocks() -> list[Clock]:
    return rows("clocks", list[Clock])


@cache
def anchors() -> list[Anchor]:
    return rows("anchors", list[Anchor])


@cache
def likelihoods() -> dict[str, Likelihood]:
    return {row.words: row for row in rows("likelihoods", list[Likelihood])}
