"""Cases put together and taken apart. Either undoes the other.

A merged case keeps its history and its id, which leads to the case it was merged into. A split moves accounts to a
new case that holds the same campaigns; accounts that join those campaigns later join the old one.
"""

import secrets
from collections.abc import Iterable

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.cases.change import enter
from stillwatch.cases.rows import CaseRow, change_case, current_accounts, find_case, in_parts, known_accounts
from stillwatch.cases.schema import cases, holdings, members, reviewers
from stillwatch.cases.store import Tenant
from stillwatch.records import UsageError


def new_case_id() -> str:
    return f"case-{secrets.token_hex(6)}"


def merge(tenant: Tenant, case_id: str, other_id: str, *, by: str, reason: str) -> str:
    """Put the other case into this one. Both must be in one state, which must not be `dismissed`.

    Those stay reviewers who reviewed both.
    """
    with tenant.writing() as connection:
        case, other = (find_case(tenant, connection, one) for one in (case_id, other_id))
        if case.case_id == other.case_id:
            raise UsageError(f"{case_id} and {other_id} are one case")
        if case.state != other.state:
            raise UsageError(
                f"{case.case_id} is {case.state} and {other.case_id} {other.state}: bring both to one state first"
            )
        _not_dismissed(case)
        moved = current_accounts(tenant, connection, other.case_id)
        _move_all(tenant, connection, other.case_id, case.case_id)
        _keep_common_reviewers(tenant, connection, case.case_id, other.case_id)
        change_case(tenant, connection, other.case_id, forwarded_to=case.case_id)
        change_case(tenant, connection, case.case_id, owner=case.owner or other.owner)
        facts = {"merged": other.case_id, "accounts": len(moved)}
        enter(
            tenant, connection, case.case_id, "case_merged", by=by, text=reason, facts=facts, accounts=moved
        )
        return str(case.case_id)


def split(tenant: Tenant, case_id: str, accounts: Iterable[str], *, by: str, reason: str) -> str:
    """Move accounts to a new case in the same state, and return its id."""
    with tenant.writing() as connection:
        case = find_case(tenant, connection, case_id)
        _not_dismissed(case)
        moved = known_accounts(tenant, connection, case.case_id, accounts)
        current = current_accounts(tenant, connection, case.case_id)
        if not current - moved or not current & moved:
            raise UsageError(f"{case.case_id} or the new case would be left without accounts")
        new, now = new_case_id(), tenant.clock()
        row = {name: value for name, value in case._mapping.items() if name not in ("case_id", "split_from")}  # noqa: SLF001 - SQLAlchemy's public name for a row's columns
        row |= {"opened_at": now, "updated_at": now}
        connection.execute(cases.insert().values(case_id=new, split_from=case.case_id, **row))
        _copy_reviewers(tenant, connection, case.case_id, new)
        for part in in_parts(sorted(moved)):
            here = tenant.mine(members) & (members.c.case_id == case.case_id) & members.c.account_id.in_(part)
            connection.execute(members.update().where(here).values(case_id=new))
        _share_campaigns(tenant, connection, case.case_id, new)
        change_case(tenant, connection, case.case_id)
        for one, kind, facts in (
            (case.case_id, "case_split", {"into": new, "accounts": len(moved)}),
            (new, "case_opened", {"split_from": case.case_id, "accounts": len(moved)}),
        ):
            enter(tenant, connection, one, kind, by=by, text=reason, facts=facts, accounts=moved)
        return new


def _not_dismissed(case: CaseRow) -> None:
    if case.state == "dismissed":
        raise UsageError(f"{case.case_id} is dismissed: reopen it first")


def _move_all(tenant: Tenant, connection: Connection, source: str, target: str) -> None:
    """Everything one case holds to another; where both hold a campaign, the target's holding stays."""
    connection.execute(
        members.update().where(tenant.mine(members), members.c.case_id == source).values(case_id=target)
    )
    rows = connection.execute(
        sql.select(holdings).where(tenant.mine(holdings), holdings.c.case_id.in_((source, target)))
    ).all()
    both = {(row.watch, row.campaign_id): row for row in rows if row.case_id == target}
    connection.execute(holdings.delete().where(tenant.mine(holdings), holdings.c.case_id == source))
    for row in rows:
        if row.case_id == target:
            continue
        known = both.get((row.watch, row.campaign_id))
        if known is None:
            moved = dict(row._mapping) | {"case_id": target}  # noqa: SLF001 - as above
            connection.execute(holdings.insert().values(**moved))
            continue
        connection.execute(
            holdings.update()
            .where(tenant.mine(holdings), holdings.c.case_id == target)
            .where(holdings.c.watch == row.watch, holdings.c.campaign_id == row.campaign_id)
            .values(leading=known.leading or row.leading, current=known.current or row.current)
        )


def _keep_common_reviewers(tenant: Tenant, connection: Connection, case_id: str, other_id: str) -> None:
    others = sql.select(reviewers.c.person).where(tenant.mine(reviewers), reviewers.c.case_id == other_id)
    common = set(connection.execute(others).scalars())
    connection.execute(
        reviewers.delete()
        .where(tenant.mine(reviewers), reviewers.c.case_id == case_id)
        .where(reviewers.c.person.not_in(common))
    )


def _share_campaigns(tenant: Tenant, connection: Connection, case_id: str, new: str) -> None:
    """After accounts were moved: a campaign is held where its accounts are, and led by the old case if by both."""
    wanted = sql.select(members.c.case_id, members.c.watch, members.c.campaign_id).distinct()
    used = {
        tuple(row)
        for row in connection.execute(
            wanted.where(tenant.mine(members), members.c.case_id.in_((case_id, new)))
        )
    }
    here = tenant.mine(holdings) & (holdings.c.case_id == case_id)
    for row in connection.execute(sql.select(holdings).where(here)).mappings().all():
        campaign = (row["watch"], row["campaign_id"])
        if (new, *campaign) not in used:
            continue
        stays = (case_id, *campaign) in used
        moved = dict(row) | {"case_id": new, "leading": row["leading"] and not stays}
        connection.execute(holdings.insert().values(**moved))
        if not stays:
            same = (holdings.c.watch == campaign[0]) & (holdings.c.campaign_id == campaign[1])
            connection.execute(holdings.delete().where(here, same))


def _copy_reviewers(tenant: Tenant, connection: Connection, case_id: str, new: str) -> None:
    wanted = sql.select(reviewers).where(tenant.mine(reviewers), reviewers.c.case_id == case_id)
    copies = [dict(row) | {"case_id": new} for row in connection.execute(wanted).mappings()]
    if copies:
        connection.execute(reviewers.insert(), copies)
