"""Cases: lists of them, one, and what belongs to it."""

import msgspec

from stillwatch import cases
from stillwatch.cases.api import Account, Case, Happened, Page, State, Summary
from stillwatch.records import Claim
from stillwatch.service.operation import Asked, Cursor, Id, Limit, Name, Operation


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which cases."""

    state: State | None = None
    owner: Name | None = None
    after: Cursor | None = None
    limit: Limit = 50


class OfCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which case."""

    case_id: Id


class AccountsOf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of a case's accounts."""

    case_id: Id
    after: Id | None = None
    limit: Limit = 100


class EntriesOf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of what happened in a case."""

    case_id: Id
    after: Cursor | None = None
    limit: Limit = 50


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence for one of a case's campaigns, as a tree."""

    watch: str
    campaign_id: str
    current: bool
    evidence: Claim


def list_(asked: Asked[Wanted, None]) -> Page[Summary]:
    return cases.list_cases(asked.tenant, **msgspec.structs.asdict(asked.parameters))


def one(asked: Asked[OfCase, None]) -> Case:
    return cases.get_case(asked.tenant, asked.parameters.case_id)


def accounts(asked: Asked[AccountsOf, None]) -> Page[Account]:
    return cases.list_accounts(asked.tenant, **msgspec.structs.asdict(asked.parameters))


def history(asked: Asked[EntriesOf, None]) -> Page[Happened]:
    return cases.history(asked.tenant, **msgspec.structs.asdict(asked.parameters))


def decisions(asked: Asked[EntriesOf, None]) -> Page[Happened]:
    return cases.decided(asked.tenant, **msgspec.structs.asdict(asked.parameters))


def evidence(asked: Asked[OfCase, None]) -> list[Proof]:
    return [
        Proof(
            watch=held.watch,
            campaign_id=held.campaign.campaign_id,
            current=held.current,
            evidence=held.campaign.evidence,
        )
        for held in cases.get_case(asked.tenant, asked.parameters.case_id).campaigns
    ]


OPERATIONS = [
    Operation(
        name="list_cases",
        method="GET",
        path="/cases",
        scope="read",
        summary="Cases, the latest opened first",
        run=list_,
        answer=Page[Summary],
        parameters=Wanted,
    ),
    Operation(
        name="get_case",
        method="GET",
        path="/cases/{case_id}",
        scope="read",
        summary="A case with its campaigns; an id that was merged away leads to its case",
        run=one,
        answer=Case,
        parameters=OfCase,
    ),
    Operation(
        name="list_accounts",
        method="GET",
        path="/cases/{case_id}/accounts",
        scope="read",
        summary="The accounts of a case, by id",
        run=accounts,
        answer=Page[Account],
        parameters=AccountsOf,
    ),
    Operation(
        name="get_history",
        method="GET",
        path="/cases/{case_id}/history",
        scope="read",
        summary="Who did what with a case and why, oldest first",
        run=history,
        answer=Page[Happened],
        parameters=EntriesOf,
    ),
    Operation(
        name="get_evidence",
        method="GET",
        path="/cases/{case_id}/evidence",
        scope="read",
        summary="The evidence for each campaign of a case, as trees",
        run=evidence,
        answer=list[Proof],
        parameters=OfCase,
    ),
    Operation(
        name="list_decisions",
        method="GET",
        path="/cases/{case_id}/decisions",
        scope="read",
        summary="What gateways decided by a case, oldest first",
        run=decisions,
        answer=Page[Happened],
        parameters=EntriesOf,
    ),
]
