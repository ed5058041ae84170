"""What people do with a case: confirm, dismiss, close, open again, note, assign, clear. Each is an entry of the audit.

open -> confirmed | dismissed | closed;  confirmed -> open | closed;  dismissed -> open;  closed -> open
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.cases import clearing
from stillwatch.cases.change import enter
from stillwatch.cases.rows import (
    CaseRow,
    change_case,
    current_accounts,
    find_case,
    held_campaigns,
    in_parts,
    known_accounts,
)
from stillwatch.cases.schema import members, reviewers
from stillwatch.cases.store import Tenant
from stillwatch.records import UsageError

State: TypeAlias = Literal["open", "confirmed", "dismissed", "closed"]
NEXT: dict[State, tuple[State, ...]] = {
    "open": ("confirmed", "dismissed", "closed"),
    "confirmed": ("open", "closed"),
    "dismissed": ("open",),
    "closed": ("open",),
}


def confirm(tenant: Tenant, case_id: str, *, by: str, reason: str, reviewer: bool = False) -> str:
    """A person agrees that the case is a campaign; as a reviewer, that its accounts may be blocked.

    A confirmed case takes further reviewers. Returns the id of the case, as all changes do: an id that was
    merged away leads to another.
    """
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        known = connection.execute(
            sql.select(reviewers.c.person).where(tenant.mine(reviewers), reviewers.c.case_id == case.case_id)
        ).scalars()
        again = case.state == "confirmed" and reviewer and by not in set(known)
        _move(tenant, connection, case, "confirmed", again=again)
        if reviewer:
            connection.execute(
                reviewers.insert().values(
                    tenant=tenant.name, case_id=case.case_id, person=by, ts=tenant.clock()
                )
            )
        enter(
            tenant,
            connection,
            case.case_id,
            "case_confirmed",
            by=by,
            text=reason,
            facts={"reviewer": reviewer},
        )
        return str(case.case_id)


def dismiss(tenant: Tenant, case_id: str, *, by: str, reason: str) -> str:
    """A person finds that the case is no campaign: its accounts are cleared on this evidence."""
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        _move(tenant, connection, case, "dismissed")
        own = current_accounts(tenant, connection, case.case_id)
        clearing.give(tenant, connection, case.case_id, own, by, whole=True)
        facts = {"accounts": len(own)}
        enter(
            tenant, connection, case.case_id, "case_dismissed", by=by, text=reason, facts=facts, accounts=own
        )
        return str(case.case_id)


def close(tenant: Tenant, case_id: str, *, by: str, reason: str) -> str:
    """The work is done. The case opens again when its campaign is seen active later than now."""
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        _move(tenant, connection, case, "closed")
        seen = max(
            (one.last_seen for _, one in held_campaigns(tenant, connection, case.case_id)), default=None
        )
        change_case(tenant, connection, case.case_id, seen_at_close=seen)
        enter(tenant, connection, case.case_id, "case_closed", by=by, text=reason)
        return str(case.case_id)


def reopen(tenant: Tenant, case_id: str, *, by: str, reason: str) -> str:
    """Undo a confirmation, a dismissal or a close. Reviews start anew."""
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        open_again(tenant, connection, case, by=by, reason=reason)
        return str(case.case_id)


def open_again(tenant: Tenant, connection: Connection, case: CaseRow, *, by: str, reason: str) -> None:
    """`reopen` within a transaction."""
    _move(tenant, connection, case, "open")
    clearing.end_dismissal(tenant, connection, case.case_id, reason)
    connection.execute(reviewers.delete().where(tenant.mine(reviewers), reviewers.c.case_id == case.case_id))
    enter(tenant, connection, case.case_id, "case_reopened", by=by, text=reason)


def note(tenant: Tenant, case_id: str, *, by: str, text: str) -> str:
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        change_case(tenant, connection, case.case_id)
        enter(tenant, connection, case.case_id, "note", by=by, text=text)
        return str(case.case_id)


def assign(tenant: Tenant, case_id: str, *, by: str, owner: str | None) -> str:
    """Make somebody the owner of a case, or nobody."""
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        change_case(tenant, connection, case.case_id, owner=owner)
        facts = {"owner": owner, "before": case.owner}
        enter(tenant, connection, case.case_id, "case_assigned", by=by, facts=facts)
        return str(case.case_id)


def clear(tenant: Tenant, case_id: str, accounts: Iterable[str], *, by: str, reason: str) -> str:
    """Clear accounts one by one: they leave the case, and are not accused again on this evidence."""
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        if case.state == "dismissed":
            raise UsageError(f"{case.case_id} is dismissed: all of its accounts are cleared")
        named = known_accounts(tenant, connection, case.case_id, accounts)
        own = named & current_accounts(tenant, connection, case.case_id)
        if not own:
            raise UsageError(f"{case.case_id}: nothing holds these accounts in the case any more")
        clearing.give(tenant, connection, case.case_id, own, by, whole=False)
        for part in in_parts(sorted(own)):
            connection.execute(
                members.update()
                .where(tenant.mine(members), members.c.case_id == case.case_id)
                .where(members.c.account_id.in_(part))
                .values(current=False)
            )
        change_case(tenant, connection, case.case_id)
        facts = {"accounts": len(own)}
        enter(
            tenant,
            connection,
            case.case_id,
            "accounts_cleared",
            by=by,
            text=reason,
            facts=facts,
            accounts=own,
        )
        return str(case.case_id)


def _move(
    tenant: Tenant, connection: Connection, case: CaseRow, state: State, *, again: bool = False
) -> None:
    """Change the state, where the change is allowed or `again` says that staying is."""
    if state not in NEXT[case.state] and not again:
        possible = " or ".join(NEXT[case.state])
        raise UsageError(f"{case.case_id} is {case.state}; from there it can become {possible}, not {state}")
    change_case(tenant, connection, case.case_id, state=state)
