"""Cases as readers see them: the records that the console, the service and the commands show as they are."""

from typing import Generic, TypeVar

import msgspec

from stillwatch.cases.lifecycle import State
from stillwatch.records import Campaign, Claim, Micros, Share

Kind = TypeVar("Kind")


class Page(msgspec.Struct, Generic[Kind], frozen=True):
    """Some rows, and the cursor of the rows after them."""

    rows: list[Kind]
    next: str | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A case in one line. Figures are those of the campaigns it holds now."""

    case_id: str
    state: State
    owner: str | None
    opened_at: Micros
    updated_at: Micros
    campaign_ids: list[str]
    accounts: int
    exchanges: int
    tokens_in: int
    tokens_out: int
    capabilities: list[Share]
    log_e_value: float  # of the campaign with most evidence
    first_seen: Micros | None
    last_seen: Micros | None
    active: bool
    reviewers: list[str]
    reviewers_needed: int  # before its accounts may be blocked
    may_block: bool  # confirmed, and reviewed by as many


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that a case holds, or held until another took its place. `share` of its exchanges are the case's."""

    watch: str
    current: bool
    share: float
    campaign: Campaign


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case with its evidence. Accounts and history are pages of their own."""

    summary: Summary
    evidence: list[Claim]
    campaigns: list[Held]
    next_states: list[State]
    split_from: str | None
    merged: list[str]  # ids that lead here


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account of a case. `current` while the latest findings place it there and nobody cleared it."""

    account_id: str
    campaign_id: str
    probability: float
    illicit_share: float
    exchanges: int
    flagged_at: Micros
    first_seen: Micros
    last_seen: Micros
    current: bool
    cleared: bool


class Accused(msgspec.Struct, frozen=True, kw_only=True):
    """An account that an open or confirmed case holds, for the verdicts that gateways look up."""

    account_id: str
    case_id: str
    state: State
    watch: str
    campaign_id: str
    probability: float
    may_block: bool
