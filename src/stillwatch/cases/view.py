"""Cases as readers see them: the console, the service and the commands. Every answer can be written as JSON.

Pages are read by a cursor: `after` of the next page is `next` of this one, and None at the end.
"""

from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.cases.campaign_record import decode
from stillwatch.cases.case_records import Account, Accused, Case, Held, Page, Summary
from stillwatch.cases.challenges import evidence_of
from stillwatch.cases.lifecycle import NEXT, State
from stillwatch.cases.rows import CaseRow, find_case
from stillwatch.cases.schema import campaigns, cases, cleared, holdings, members, reviewers
from stillwatch.cases.store import Tenant
from stillwatch.records import Share, UsageError

TWO_REVIEWERS_ABOVE = 100  # accounts: a wrong block of more is a harm that one person should not do alone
MOST = 1000  # rows of a page


def list_cases(
    tenant: Tenant,
    *,
    state: State | None = None,
    owner: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Summary]:
    """Cases, the latest opened first."""
    wanted = sql.select(cases).where(tenant.mine(cases), cases.c.forwarded_to.is_(None))
    if state is not None:
        wanted = wanted.where(cases.c.state == state)
    if owner is not None:
        wanted = wanted.where(cases.c.owner == owner)
    if after is not None:
        opened, case_id = _cursor(after)
        earlier = (cases.c.opened_at == opened) & (cases.c.case_id > case_id)
        wanted = wanted.where((cases.c.opened_at < opened) | earlier)
    ordered = wanted.order_by(cases.c.opened_at.desc(), cases.c.case_id).limit(_size(limit) + 1)
    with tenant.reading() as connection:
        rows = connection.execute(ordered).all()
        shown = rows[:limit]
        more = f"{shown[-1].opened_at}:{shown[-1].case_id}" if len(rows) > limit else None
        return Page([_summary(tenant, connection, row) for row in shown], more)


def get_case(tenant: Tenant, case_id: str) -> Case:
    """A case by its id, or by one that was merged into it."""
    with tenant.reading() as connection:
        row = find_case(tenant, connection, case_id)
        held = _held(tenant, connection, row.case_id)
        return Case(
            summary=_summary(tenant, connection, row),
            evidence=[
                *(one.campaign.evidence for one in held if one.current),
                *evidence_of(
                    tenant, connection, [(one.watch, one.campaign.campaign_id) for one in held if one.current]
                ),
            ],
            campaigns=held,
            next_states=list(NEXT[row.state]),
            split_from=row.split_from,
            merged=_merged(tenant, connection, row.case_id),
        )


def list_accounts(
    tenant: Tenant, case_id: str, *, after: str | None = None, limit: int = 100
) -> Page[Account]:
    """The accounts of a case, by id; of one in several campaigns, the row that still holds."""
    with tenant.reading() as connection:
        case = find_case(tenant, connection, case_id)
        here = tenant.mine(members) & (members.c.case_id == case.case_id)
        names = sql.select(members.c.account_id).where(here).distinct().order_by(members.c.account_id)
        if after is not None:
            names = names.where(members.c.account_id > after)
        found = list(connection.execute(names.limit(_size(limit) + 1)).scalars())
        wanted = found[:limit]
        rows = connection.execute(
            sql.select(members)
            .where(here, members.c.account_id.in_(wanted))
            .order_by(members.c.current, members.c.last_seen)
        )
        free = set(
            connection.execute(
                sql.select(cleared.c.account_id).where(
                    tenant.mine(cleared), cleared.c.ended_at.is_(None), cleared.c.account_id.in_(wanted)
                )
            ).scalars()
        )
        by_id = {row.account_id: _account(row, free) for row in rows}
        return Page([by_id[name] for name in wanted], wanted[-1] if len(found) > limit else None)


def accused(tenant: Tenant) -> list[Accused]:
    """Every account that an open or confirmed case holds now."""
    with tenant.reading() as connection:
        out = []
        wanted = sql.select(cases).where(
            tenant.mine(cases), cases.c.forwarded_to.is_(None), cases.c.state.in_(("open", "confirmed"))
        )
        for case in connection.execute(wanted.order_by(cases.c.opened_at, cases.c.case_id)).all():
            people = _reviewers(tenant, connection, case.case_id)
            rows = connection.execute(
                sql.select(members)
                .where(tenant.mine(members), members.c.case_id == case.case_id, members.c.current)
                .order_by(members.c.account_id)
            ).all()
            needed = _needed(len({row.account_id for row in rows}))
            may_block = case.state == "confirmed" and len(people) >= needed
            out += [
                Accused(
                    account_id=row.account_id,
                    case_id=case.case_id,
                    state=case.state,
                    watch=row.watch,
                    campaign_id=row.campaign_id,
                    probability=row.probability,
                    may_block=may_block,
                )
                for row in rows
            ]
        return out


def _summary(tenant: Tenant, connection: Connection, row: CaseRow) -> Summary:
    held = [one for one in _held(tenant, connection, row.case_id) if one.current]
    people = _reviewers(tenant, connection, row.case_id)
    here = tenant.mine(members) & (members.c.case_id == row.case_id) & members.c.current
    accounts = connection.execute(
        sql.select(sql.func.count(members.c.account_id.distinct())).where(here)
    ).scalar_one()
    needed = _needed(accounts)
    return Summary(
        case_id=row.case_id,
        state=row.state,
        owner=row.owner,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        campaign_ids=[one.campaign.campaign_id for one in held],
        accounts=accounts,
        exchanges=round(sum(one.share * one.campaign.exchanges for one in held)),
        tokens_in=round(sum(one.share * one.campaign.tokens_in for one in held)),
        tokens_out=round(sum(one.share * one.campaign.tokens_out for one in held)),
        capabilities=_mix(held),
        log_e_value=max((one.campaign.log_e_value for one in held), default=0.0),
        first_seen=min((one.campaign.first_seen for one in held), default=None),
        last_seen=max((one.campaign.last_seen for one in held), default=None),
        active=any(one.campaign.active for one in held),
        reviewers=people,
        reviewers_needed=needed,
        may_block=row.state == "confirmed" and len(people) >= needed,
    )


def _needed(accounts: int) -> int:
    return 2 if accounts > TWO_REVIEWERS_ABOVE else 1


def _reviewers(tenant: Tenant, connection: Connection, case_id: str) -> list[str]:
    wanted = sql.select(reviewers.c.person).where(tenant.mine(reviewers), reviewers.c.case_id == case_id)
    return list(connection.execute(wanted.order_by(reviewers.c.ts, reviewers.c.person)).scalars())


def _held(tenant: Tenant, connection: Connection, case_id: str) -> list[Held]:
    """The campaigns of a case, current ones first, those with most evidence first."""
    wanted = (
        sql.select(holdings.c.current, campaigns.c.watch, campaigns.c.campaign_id, campaigns.c.record)
        .join_from(
            holdings,
            campaigns,
            (holdings.c.tenant == campaigns.c.tenant)
            & (holdings.c.watch == campaigns.c.watch)
            & (holdings.c.campaign_id == campaigns.c.campaign_id),
        )
        .where(tenant.mine(holdings), holdings.c.case_id == case_id)
    )
    found = [
        Held(
            watch=row.watch,
            current=row.current,
            share=_share(tenant, connection, case_id, row.watch, row.campaign_id),
            campaign=decode(row.record),
        )
        for row in connection.execute(wanted).all()
    ]
    return sorted(
        found,
        key=lambda one: (not one.current, -one.campaign.log_e_value, one.watch, one.campaign.campaign_id),
    )


def _share(tenant: Tenant, connection: Connection, case_id: str, watch: str, campaign_id: str) -> float:
    """The part of a campaign's exchanges that its accounts in this case made; all of it unless it was split."""
    part = sql.func.sum(members.c.exchanges * members.c.illicit_share)
    wanted = (
        sql.select(members.c.case_id, part.label("part"))
        .where(tenant.mine(members), members.c.watch == watch, members.c.campaign_id == campaign_id)
        .group_by(members.c.case_id)
    )
    parts = {row.case_id: float(row.part) for row in connection.execute(wanted)}
    if set(parts) <= {case_id}:
        return 1.0
    return parts.get(case_id, 0.0) / (sum(parts.values()) or 1.0)


def _mix(held: list[Held]) -> list[Share]:
    """Capabilities of all campaigns, each weighed by its exchanges."""
    sums: dict[str, float] = {}
    for one in held:
        for share in one.campaign.capabilities:
            sums[share.name] = sums.get(share.name, 0.0) + share.share * one.share * one.campaign.exchanges
    total = sum(sums.values()) or 1.0
    mixed = [Share(name, round(value / total, 4)) for name, value in sums.items()]
    return sorted(mixed, key=lambda share: (-share.share, share.name))


def _merged(tenant: Tenant, connection: Connection, case_id: str) -> list[str]:
    """All ids that lead to a case, over any number of merges."""
    out: list[str] = []
    rest = [case_id]
    while rest:
        wanted = sql.select(cases.c.case_id).where(tenant.mine(cases), cases.c.forwarded_to.in_(rest))
        rest = list(connection.execute(wanted.order_by(cases.c.case_id)).scalars())
        out += rest
    return out


def _account(row: Row[Any], free: set[str]) -> Account:
    return Account(
        account_id=row.account_id,
        campaign_id=row.campaign_id,
        probability=row.probability,
        illicit_share=row.illicit_share,
        exchanges=row.exchanges,
        flagged_at=row.flagged_at,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        current=row.current,
        cleared=row.account_id in free,
    )


def _cursor(after: str) -> tuple[int, str]:
    opened, _, case_id = after.partition(":")
    if not opened.isascii() or not opened.isdecimal():
        raise UsageError(f"no cursor of a page: {after!r}")
    return int(opened), case_id


def _size(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise UsageError(f"a page has 1 to {MOST} rows, not {limit}")
    return limit
