"""Rows of cases that several changes need: a case by its id, what it holds, and lists of any length in queries."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeAlias

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.cases.campaign_record import decode
from stillwatch.cases.schema import campaigns, cases, holdings, members
from stillwatch.cases.store import Tenant
from stillwatch.records import Campaign, NotThere, UsageError

CaseRow: TypeAlias = Row[Any]
"""A row of the table of cases."""

AT_ONCE = 500  # values in one query; SQLite takes 999 in its older builds


def in_parts(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def find_case(tenant: Tenant, connection: Connection, case_id: str) -> CaseRow:
    """The case of this id, or the one it was merged into. Raises NotThere where there is none."""
    while True:
        wanted = sql.select(cases).where(tenant.mine(cases), cases.c.case_id == case_id)
        row = connection.execute(wanted).first()
        if row is None:
            raise NotThere(f"there is no case {case_id!r}")
        if row.forwarded_to is None:
            return row
        case_id = row.forwarded_to


def change_case(tenant: Tenant, connection: Connection, case_id: str, **values: object) -> None:
    connection.execute(
        cases.update()
        .where(tenant.mine(cases), cases.c.case_id == case_id)
        .values(updated_at=tenant.clock(), **values)
    )


def current_accounts(tenant: Tenant, connection: Connection, case_id: str) -> set[str]:
    """The accounts that the latest findings place in a case."""
    wanted = sql.select(members.c.account_id).where(
        tenant.mine(members), members.c.case_id == case_id, members.c.current
    )
    return set(connection.execute(wanted).scalars())


def known_accounts(tenant: Tenant, connection: Connection, case_id: str, accounts: Iterable[str]) -> set[str]:
    """These accounts, all of which the case must hold. Raises UsageError that names the others."""
    wanted = sql.select(members.c.account_id).where(tenant.mine(members), members.c.case_id == case_id)
    asked, held = set(accounts), set(connection.execute(wanted).scalars())
    if not asked:
        raise UsageError("name at least one account")
    if unknown := sorted(asked - held):
        raise UsageError(f"not in {case_id}: {', '.join(unknown[:5])}{', …' if len(unknown) > 5 else ''}")
    return asked


def held_campaigns(tenant: Tenant, connection: Connection, case_id: str) -> list[tuple[str, Campaign]]:
    """The campaigns that a case holds now, with their watch, those with most evidence first."""
    wanted = (
        sql.select(campaigns.c.watch, campaigns.c.record)
        .join_from(
            holdings,
            campaigns,
            (holdings.c.tenant == campaigns.c.tenant)
            & (holdings.c.watch == campaigns.c.watch)
            & (holdings.c.campaign_id == campaigns.c.campaign_id),
        )
        .where(tenant.mine(holdings), holdings.c.case_id == case_id, holdings.c.current)
    )
    found = [(row.watch, decode(row.record)) for row in connection.execute(wanted)]
    return sorted(found, key=lambda one: (-one[1].log_e_value, one[0], one[1].campaign_id))
