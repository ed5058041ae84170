"""What gateways look up about an account."""

import msgspec

from stillwatch.policy import VerdictTable
from stillwatch.records import Micros, NotThere, Verdict
from stillwatch.service.operation import Asked, Id, Operation


class OfAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which account. It stands in the query, since an account's id may hold a slash."""

    account_id: Id


class HeldAgainst(msgspec.Struct, frozen=True, kw_only=True):
    """What is held against an account, or null; from which table, and when that was made."""

    verdict: Verdict | None
    version: int
    created_at: Micros


def look_up(asked: Asked[OfAccount, None]) -> HeldAgainst:
    path = asked.home.verdicts
    if not path.exists():
        raise NotThere("the watch has published no verdicts yet")
    table = VerdictTable.open(path)
    return HeldAgainst(
        verdict=table.lookup(asked.parameters.account_id), version=table.version, created_at=table.created_at
    )


OPERATIONS = [
    Operation(
        name="look_up_verdict",
        method="GET",
        path="/verdicts",
        scope="read",
        summary="What is held against one account",
        run=look_up,
        answer=HeldAgainst,
        parameters=OfAccount,
    ),
]
