"""Appeals against decisions: taken up, decided by a person, counted."""

import msgspec

from stillwatch import cases
from stillwatch.cases.api import AppealCounts, AppealOutcome, Contested, Page
from stillwatch.service.operation import Asked, Cursor, Limit, Nothing, Operation, Words
from stillwatch.service.routes.audit import OfDecision


class WantedAppeals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which appeals."""

    waiting: bool | None = None
    after: Cursor | None = None
    limit: Limit = 50


class Contesting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the customer says."""

    reason: Words


class Settling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is decided, and why."""

    outcome: AppealOutcome
    reason: Words


def list_(asked: Asked[WantedAppeals, None]) -> Page[Contested]:
    return cases.list_appeals(asked.tenant, **msgspec.structs.asdict(asked.parameters))


def counts(asked: Asked[Nothing, None]) -> AppealCounts:
    return cases.count_appeals(asked.tenant)


def contest(asked: Asked[OfDecision, Contesting]) -> Contested:
    found = cases.contest(
        asked.tenant, asked.parameters.decision_id, by=asked.token.owner, reason=asked.body.reason
    )
    asked.standing.series.appealed("opened")
    return found


def settle(asked: Asked[OfDecision, Settling]) -> Contested:
    found = cases.settle_appeal(
        asked.tenant,
        asked.parameters.decision_id,
        by=asked.token.owner,
        outcome=asked.body.outcome,
        reason=asked.body.reason,
    )
    asked.standing.series.appealed(asked.body.outcome)
    return found


OPERATIONS = [
    Operation(
        name="list_appeals",
        method="GET",
        path="/appeals",
        scope="read",
        summary="Appeals, the oldest first",
        run=list_,
        answer=Page[Contested],
        parameters=WantedAppeals,
    ),
    Operation(
        name="count_appeals",
        method="GET",
        path="/appeals/counts",
        scope="read",
        summary="How many appeals wait, were upheld and were reversed",
        run=counts,
        answer=AppealCounts,
    ),
    Operation(
        name="contest_decision",
        method="POST",
        path="/decisions/{decision_id}/contest",
        scope="decide",
        summary="Take up that somebody contests a decision",
        run=contest,
        answer=Contested,
        parameters=OfDecision,
        body=Contesting,
    ),
    Operation(
        name="settle_appeal",
        method="POST",
        path="/decisions/{decision_id}/settle",
        scope="review",
        summary="Decide an appeal; the owner of the token must not have confirmed the case",
        run=settle,
        answer=Contested,
        parameters=OfDecision,
        body=Settling,
    ),
]
