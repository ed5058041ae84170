"""The table of standings that gateways look accounts up in: what is asked of an account, and what holds until then."""

import math
import struct
from typing import Any

import msgspec

from stillwatch.policy.lookup.layout import NOTHING, Kind
from stillwatch.policy.lookup.table import LookupTable
from stillwatch.records import Micros, Standing, Terms

NEVER = -(1 << 63)
CONTROL = 1

# check, id, since, deadline, region_outside, terms, challenge, level, asked, flags
KIND = Kind(b"STWSTND\n", struct.Struct("=QQqqdIIBBB"), "standings")


class Names(msgspec.Struct, frozen=True):
    """What rows name by its place in a list."""

    terms: list[Terms]
    challenges: list[str]


class StandingTable(LookupTable[Standing]):
    """The standings of one published file."""

    kind = KIND
    names_type = Names

    def held(self, row: tuple[Any, ...]) -> Standing:
        """A row as a standing."""
        _, number, since, deadline, region, terms, challenge, level, asked, flags = row
        return Standing(
            standing_id=f"st-{number:016x}",
            level=level,
            asked=asked,
            since=Micros(since),
            deadline=None if deadline == NEVER else Micros(deadline),
            terms=self.names.terms[terms],
            region_outside=None if math.isnan(region) else region,
            challenge_id=None if challenge == NOTHING else self.names.challenges[challenge],
            control=bool(flags & CONTROL),
        )
