"""The table of verdicts that gateways look accounts up in."""

import struct
from typing import Any, get_args

import msgspec

from stillwatch.policy.lookup.layout import NOTHING, Kind
from stillwatch.policy.lookup.table import LookupTable
from stillwatch.records import Micros, State, Verdict

STATES: tuple[State, ...] = get_args(State)

# check, probability, log_e_value, since, accounts, campaign, case, capability, state, active
KIND = Kind(b"STWVERD\n", struct.Struct("=QddqIIIHBB"), "verdicts")


class Names(msgspec.Struct, frozen=True):
    """Texts that rows name by their place in a list."""

    campaigns: list[str]
    cases: list[str]
    capabilities: list[str]


class VerdictTable(LookupTable[Verdict]):
    """The verdicts of one published file."""

    kind = KIND
    names_type = Names

    def held(self, row: tuple[Any, ...]) -> Verdict:
        """A row as a verdict."""
        _, probability, log_e_value, since, accounts, campaign, case, capability, state, active = row
        return Verdict(
            campaign_id=self.names.campaigns[campaign],
            state=STATES[state],
            probability=probability,
            log_e_value=log_e_value,
            accounts=accounts,
            capability=self.names.capabilities[capability],
            since=Micros(since),
            active=active == 1,
            case_id=None if case == NOTHING else self.names.cases[case],
        )
