"""What a response is: pure functions over a call's bodies, and what they may ask of their surroundings.

A body is what JSON holds, or None where the gateway could not read it. Functions never change what they are
given: they return the same object where nothing is to be changed, else a new one that shares what is equal.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from stillwatch.records import Decision, Route, Step
from stillwatch.responses._acting.buckets import Buckets

Json = Any  # what a JSON decoder makes: dict, list, str, int, float, bool or None
Value = float | int | str | bool


class Setting(msgspec.Struct, frozen=True):
    """A setting that a rule may give to a step. `low` and `high` bound a number, both included."""

    name: str
    default: Value  # its type is the setting's
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


class Facilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway lends to responses."""

    now: Callable[[], float]  # seconds since 1970
    buckets: Buckets
    summarise: Callable[[str], str] | None = None  # of reasoning; None strips it without a trace
    honey: Callable[[str, str], str] | None = None  # of cohort and decision; None serves no honey material
    appeal_url: str | None = None  # {decision_id} is filled in


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The call that a response acts on."""

    decision: Decision
    route: Route
    facilities: Facilities
    settings: Mapping[str, Value] = {}  # of this response: checked, complete
    tools_offered: bool = False


class Refusal(msgspec.Struct, frozen=True):
    """An answer in place of the model's."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Json]


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a request."""

    body: Json
    refusal: Refusal | None = None
    delay: float = 0.0  # seconds to wait before the call goes on
    forward: Mapping[str, str] = {}  # headers for the serving side, never for the customer


class EventFilter(Protocol):
    """Edits the decoded events of one stream, in their order."""

    def event(self, event: Json) -> list[Json]:
        """What is sent in place of an event; the same object where it is sent on as it is."""

    def end(self) -> list[Json]:
        """What was held back when the stream ended."""


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the ladder and how it is taken."""

    step: Step
    harms: str  # what it costs an innocent customer, in a sentence
    request: Callable[[Json, Context], Treatment]
    answer: Callable[[Json, Context], Json] | None = None
    events: Callable[[Context], EventFilter] | None = None
    settings: tuple[Setting, ...] = ()
    includes: tuple[Step, ...] = ()  # milder steps taken with it, mildest first
    reversible: bool = True
