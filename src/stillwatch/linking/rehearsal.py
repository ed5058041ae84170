"""A small composed log with which a detector shows what it fires on and what it lets pass."""

import msgspec

from stillwatch.records import Account, Event, Exchange


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """Records that are played over a benign background; `suspects` is the group that is measured."""

    name: str
    exchanges: list[Exchange]
    accounts: list[Account] = []
    events: list[Event] = []
    suspects: frozenset[str]
