"""Appeals: somebody contests a decision, a person who took no part in it decides, and reversals are counted.

open -> upheld | reversed. A reversal clears the account in the decision's case, where there is one, and lets it off what
its standing asked; the gateway acts no more as soon as verdicts and standings are published again.
"""

from typing import Any, Literal, TypeAlias

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.cases import clearing
from stillwatch.cases.audit import read_entries
from stillwatch.cases.case_records import Page
from stillwatch.cases.change import enter
from stillwatch.cases.decisions import confirmed_by
from stillwatch.cases.entry import read, shown
from stillwatch.cases.rows import change_case, current_accounts, find_case
from stillwatch.cases.schema import appeals, entries, items, members
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros, NotThere, UsageError

AppealOutcome: TypeAlias = Literal["upheld", "reversed"]
MOST = 1000  # rows of a page


class Contested(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal. `outcome` is None while it waits for a person."""

    decision_id: str
    opened_at: Micros
    outcome: AppealOutcome | None
    decided_at: Micros | None
    decided_by: str | None


class AppealCounts(msgspec.Struct, frozen=True, kw_only=True):
    """All appeals by what became of them. `reversed_share` is of the decided ones, None where there is none."""

    waiting: int
    upheld: int
    reversed: int
    reversed_share: float | None


def contest(tenant: Tenant, decision_id: str, *, by: str, reason: str) -> Contested:
    """Take an appeal up. One that is open already stays as it is. Raises NotThere, UsageError."""
    with tenant.writing() as connection:
        leaf_case, _, _ = _decision(tenant, connection, decision_id)
        known = _row(tenant, connection, decision_id)
        if known is not None:
            if known.outcome is not None:
                raise UsageError(f"the appeal against {decision_id} was decided: {known.outcome}")
            return known
        now = tenant.clock()
        connection.execute(
            appeals.insert().values(tenant=tenant.name, decision_id=decision_id, opened_at=now)
        )
        facts = {"decision": decision_id}
        enter(tenant, connection, leaf_case, "appeal_opened", by=by, text=reason, facts=facts)
        return Contested(
            decision_id=decision_id, opened_at=now, outcome=None, decided_at=None, decided_by=None
        )


def settle_appeal(
    tenant: Tenant, decision_id: str, *, by: str, outcome: AppealOutcome, reason: str
) -> Contested:
    """A person decides. Who confirmed the case does not judge the appeal against it."""
    with tenant.writing() as connection:
        case_id, account, number = _decision(tenant, connection, decision_id)
        known = _row(tenant, connection, decision_id)
        if known is None:
            raise NotThere(f"nobody has contested {decision_id!r}")
        if known.outcome is not None:
            raise UsageError(f"the appeal against {decision_id} was decided: {known.outcome}")
        if by in confirmed_by(tenant, connection, case_id, number):
            raise UsageError(
                f"{by} confirmed the case that the decision rests on: somebody else decides the appeal"
            )
        now = tenant.clock()
        here = tenant.mine(appeals) & (appeals.c.decision_id == decision_id)
        connection.execute(
            appeals.update().where(here).values(outcome=outcome, decided_at=now, decided_by=by)
        )
        facts = {"decision": decision_id, "outcome": outcome}
        enter(tenant, connection, case_id, "appeal_decided", by=by, text=reason, facts=facts)
        if outcome == "reversed" and case_id is not None and account is not None:
            _clear(tenant, connection, case_id, account, by)
        return msgspec.structs.replace(known, outcome=outcome, decided_at=now, decided_by=by)


def list_appeals(
    tenant: Tenant, *, waiting: bool | None = None, after: str | None = None, limit: int = 50
) -> Page[Contested]:
    """Appeals, the oldest first."""
    if not 1 <= limit <= MOST:
        raise UsageError(f"a page has 1 to {MOST} rows, not {limit}")
    wanted = sql.select(appeals).where(tenant.mine(appeals))
    if waiting is not None:
        open_ = appeals.c.outcome.is_(None)
        wanted = wanted.where(open_ if waiting else ~open_)
    if after is not None:
        at, _, decision_id = after.partition(":")
        if not at.isascii() or not at.isdecimal():
            raise UsageError(f"no cursor of a page: {after!r}")
        same = (appeals.c.opened_at == int(at)) & (appeals.c.decision_id > decision_id)
        wanted = wanted.where((appeals.c.opened_at > int(at)) | same)
    ordered = wanted.order_by(appeals.c.opened_at, appeals.c.decision_id).limit(limit + 1)
    with tenant.reading() as connection:
        rows = [_contested(row) for row in connection.execute(ordered)]
    more = f"{rows[limit - 1].opened_at}:{rows[limit - 1].decision_id}" if len(rows) > limit else None
    return Page(rows[:limit], more)


def count_appeals(tenant: Tenant) -> AppealCounts:
    wanted = (
        sql.select(appeals.c.outcome, sql.func.count().label("count"))
        .where(tenant.mine(appeals))
        .group_by(appeals.c.outcome)
    )
    with tenant.reading() as connection:
        found = {row.outcome: int(row._mapping["count"]) for row in connection.execute(wanted)}  # noqa: SLF001 - SQLAlchemy's name
    decided = found.get("upheld", 0) + found.get("reversed", 0)
    return AppealCounts(
        waiting=found.get(None, 0),
        upheld=found.get("upheld", 0),
        reversed=found.get("reversed", 0),
        reversed_share=found.get("reversed", 0) / decided if decided else None,
    )


def excused(tenant: Tenant, *, since: Micros) -> set[str]:
    """Accounts that a person let off since then: a decision about them was reversed."""
    wanted = (
        sql.select(items.c.account_id)
        .join_from(
            appeals,
            entries,
            (appeals.c.tenant == entries.c.tenant) & (appeals.c.decision_id == entries.c.decision_id),
        )
        .join(items, (items.c.tenant == entries.c.tenant) & (items.c.number == entries.c.number))
        .where(tenant.mine(appeals), appeals.c.outcome == "reversed", appeals.c.decided_at >= since)
        .where(items.c.account_id.is_not(None))
    )
    with tenant.reading() as connection:
        return set(connection.execute(wanted).scalars())


def _decision(tenant: Tenant, connection: Connection, decision_id: str) -> tuple[str | None, str | None, int]:
    """The case, the account and the entry of a decision."""
    entry = next(read_entries(tenant, connection, entries.c.decision_id == decision_id), None)
    if entry is None:
        raise NotThere(f"the audit holds no decision {decision_id!r}")
    accounts = shown(entry).get("account_id", [])
    return read(entry).case_id, accounts[0] if accounts else None, entry.number


def _row(tenant: Tenant, connection: Connection, decision_id: str) -> Contested | None:
    row = connection.execute(
        sql.select(appeals).where(tenant.mine(appeals), appeals.c.decision_id == decision_id)
    ).first()
    return None if row is None else _contested(row)


def _contested(row: Row[Any]) -> Contested:
    return Contested(
        decision_id=row.decision_id,
        opened_at=row.opened_at,
        outcome=row.outcome,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def _clear(tenant: Tenant, connection: Connection, case_id: str, account: str, by: str) -> None:
    """The account leaves the case on today's evidence, where it still is in it."""
    case = find_case(tenant, connection, case_id)
    if case.state == "dismissed" or account not in current_accounts(tenant, connection, case.case_id):
        return
    clearing.give(tenant, connection, case.case_id, {account}, by, whole=False)
    here = tenant.mine(members) & (members.c.case_id == case.case_id) & (members.c.account_id == account)
    connection.execute(members.update().where(here).values(current=False))
    change_case(tenant, connection, case.case_id)
