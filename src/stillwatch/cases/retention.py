"""What is deleted, and when: rows of accounts in cases dismissed long ago, and one account's part of the audit.

The audit's leaves stay, so its tree still holds: personal parts are beside the leaves, each under a salted hash, and
go with their salt. Clearings are kept in both, since they protect the account they name.
"""

import msgspec
import sqlalchemy as sql

from stillwatch.cases.audit import append_many
from stillwatch.cases.change import enter
from stillwatch.cases.entry import Draft
from stillwatch.cases.schema import cases, challenged, items, members
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros, UsageError


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    """Cases that lost the rows of their accounts, and how many."""

    cases: list[str]
    rows: int


def purge(tenant: Tenant, *, before: Micros, by: str) -> Purged:
    """Delete the rows of accounts in cases that are dismissed and had no change since `before`."""
    with tenant.writing() as connection:
        wanted = sql.select(cases.c.case_id).where(
            tenant.mine(cases), cases.c.state == "dismissed", cases.c.updated_at < before
        )
        gone: dict[str, int] = {}
        for case_id in connection.execute(wanted.order_by(cases.c.case_id)).scalars().all():
            here = tenant.mine(members) & (members.c.case_id == case_id)
            rows = connection.execute(members.delete().where(here)).rowcount
            if rows:
                gone[case_id] = rows
                enter(tenant, connection, case_id, "accounts_purged", by=by, facts={"rows": rows})
    return Purged(cases=list(gone), rows=sum(gone.values()))


def redact(tenant: Tenant, account_id: str, *, by: str, reason: str) -> int:
    """Delete an account's id from the audit and from cases that are done; returns how many entries lost it.

    Refused while an open or confirmed case holds the account: what a case rests on is not deleted under it. The
    reason should not name the account.
    """
    if not reason.strip() or not by.strip():
        raise UsageError("redaction needs a person and a reason")
    with tenant.writing() as connection:
        own = tenant.mine(members) & (members.c.account_id == account_id)
        working = (
            sql.select(members.c.case_id)
            .join_from(
                members, cases, (members.c.tenant == cases.c.tenant) & (members.c.case_id == cases.c.case_id)
            )
            .where(own, cases.c.state.in_(("open", "confirmed")), members.c.current)
        )
        held = connection.execute(working).scalars().first()
        if held is not None:
            raise UsageError(
                f"{held} holds the account and is not done; clear the account or close the case first"
            )
        connection.execute(members.delete().where(own))
        connection.execute(
            challenged.delete().where(tenant.mine(challenged), challenged.c.account_id == account_id)
        )
        gone = connection.execute(
            items.update()
            .where(tenant.mine(items), items.c.account_id == account_id)
            .values(account_id=None, salt=None, content=None)
        ).rowcount
        draft = Draft(kind="account_redacted", by=by, facts={"entries": gone}, text=reason)
        append_many(tenant, connection, [draft])
        return gone
