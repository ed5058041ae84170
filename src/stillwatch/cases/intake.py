"""Findings become cases: an unknown campaign opens one, a known one refreshes the cases that hold it.

`matching` says which case a campaign continues, `clearing` which of its accounts are not accused again. A dismissed
case stays dismissed until its clearing lapses; a closed one opens again when its campaign is seen active later
than it was at closing. People's decisions are never changed in another way.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256

import msgspec
import pyarrow as pa
import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.cases.audit import append_many
from stillwatch.cases.campaign_record import Member, accepted, by_campaign, encode
from stillwatch.cases.clearing import Settled, settle
from stillwatch.cases.entry import Draft, canonical
from stillwatch.cases.grouping import new_case_id
from stillwatch.cases.lifecycle import open_again
from stillwatch.cases.matching import continued, same
from stillwatch.cases.rows import change_case, current_accounts, find_case, in_parts
from stillwatch.cases.schema import campaigns, cases, holdings, members
from stillwatch.cases.store import Tenant
from stillwatch.records import Campaign, Rejection

MACHINE = "stillwatch"  # who did what no person did
RUN = "run:"  # before the name of a run that belongs to no watch


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What became of findings: cases by id, and campaigns that were not taken or whose accounts stand cleared."""

    opened: list[str] = []
    refreshed: list[str] = []
    reopened: list[str] = []
    cleared: list[str] = []
    rejected: list[Rejection] = []


class _Found(msgspec.Struct, frozen=True):
    """A campaign with its members and the cases that it continues, the one that new accounts join first."""

    campaign: Campaign
    members: list[Member]
    cases: list[str]


def upsert_findings(
    tenant: Tenant, found: Iterable[Campaign], table: pa.Table, *, watch: str | None = None
) -> Intake:
    """Open and refresh cases. `table` has the schema MEMBERS; `watch` names the watch whose ids these are."""
    rejected: list[Rejection] = []
    taken = list(accepted(found, by_campaign(table), rejected))
    result = Intake(rejected=rejected)
    watch = watch or RUN + _digest(taken)
    with tenant.writing() as connection:
        for one in _matched(tenant, connection, watch, taken):
            _take(tenant, connection, watch, one, {c.campaign_id for c, _ in taken}, result)
    return result


def _digest(taken: list[tuple[Campaign, list[Member]]]) -> str:
    """A name for a run: the same for the same findings, so that they can be taken in twice."""
    said = [[encode(campaign), sorted(one.account_id for one in own)] for campaign, own in taken]
    return sha256(canonical(said).encode()).hexdigest()[:16]


def _matched(
    tenant: Tenant, connection: Connection, watch: str, taken: list[tuple[Campaign, list[Member]]]
) -> list[_Found]:
    """All campaigns are matched before the first is taken in, so that their order does not matter."""
    linked = _linked(tenant, connection, watch)
    holders = _holders(tenant, connection, {one.account_id for _, own in taken for one in own})
    sizes = _sizes(tenant, connection, {case for held in holders.values() for case in held})
    return [
        _Found(
            campaign,
            own,
            linked.get(campaign.campaign_id) or continued([one.account_id for one in own], holders, sizes),
        )
        for campaign, own in taken
    ]


def _linked(tenant: Tenant, connection: Connection, watch: str) -> dict[str, list[str]]:
    """The cases that hold each campaign of a watch, the leading one first."""
    wanted = sql.select(holdings).where(tenant.mine(holdings), holdings.c.watch == watch, holdings.c.current)
    out: dict[str, list[str]] = {}
    for row in connection.execute(wanted.order_by(holdings.c.leading.desc(), holdings.c.case_id)):
        out.setdefault(row.campaign_id, []).append(row.case_id)
    return out


def _holders(tenant: Tenant, connection: Connection, accounts: Collection[str]) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for part in in_parts(sorted(accounts)):
        wanted = sql.select(members.c.account_id, members.c.case_id).where(
            tenant.mine(members), members.c.current, members.c.account_id.in_(part)
        )
        for row in connection.execute(wanted):
            out.setdefault(row.account_id, set()).add(row.case_id)
    return out


def _sizes(tenant: Tenant, connection: Connection, case_ids: Collection[str]) -> dict[str, int]:
    return {case_id: len(current_accounts(tenant, connection, case_id)) for case_id in case_ids}


def _take(
    tenant: Tenant, connection: Connection, watch: str, one: _Found, running: set[str], result: Intake
) -> None:
    accounts = {member.account_id for member in one.members}
    settled = settle(tenant, connection, one.campaign, accounts)
    woken = [case for case in one.cases if _wakes(tenant, connection, case, one.campaign, settled)]
    if woken:
        result.reopened.extend(woken)
        settled = settle(tenant, connection, one.campaign, accounts)
    if not one.cases and accounts <= settled.cleared:
        result.cleared.append(one.campaign.campaign_id)
        return
    _keep(tenant, connection, watch, one.campaign)
    case_ids = one.cases or [_opened(tenant, connection)]
    before = {case_id: current_accounts(tenant, connection, case_id) for case_id in case_ids}
    new = _hold(tenant, connection, watch, one, case_ids, running)
    placed = _place(tenant, connection, watch, one, case_ids, settled.cleared)
    for case_id, lost in _leave(tenant, connection, (watch, one.campaign.campaign_id), placed).items():
        if case_id in case_ids:
            continue
        facts = {"watch": watch, "left": lost} | _figures(one.campaign)
        draft = Draft(kind="case_changed", by=MACHINE, case_id=case_id, facts=facts)
        append_many(tenant, connection, [draft])
        change_case(tenant, connection, case_id)
    for case_id in case_ids:
        after = current_accounts(tenant, connection, case_id)
        joined, left = after - before[case_id], before[case_id] - after
        if joined or left or case_id in new:
            kind = "case_changed" if one.cases else "case_opened"
            facts = {"watch": watch, "accounts": len(after), "left": len(left)} | _figures(one.campaign)
            draft = Draft(kind=kind, by=MACHINE, case_id=case_id, facts=facts, accounts=sorted(joined))
            append_many(tenant, connection, [draft])
        change_case(tenant, connection, case_id)
        told = result.refreshed if one.cases else result.opened
        if case_id not in told:
            told.append(case_id)


def _figures(campaign: Campaign) -> dict[str, object]:
    return {
        "campaign_id": campaign.campaign_id,
        "exchanges": campaign.exchanges,
        "tokens_out": campaign.tokens_out,
        "log_e_value": round(campaign.log_e_value, 3),
    }


def _wakes(
    tenant: Tenant, connection: Connection, case_id: str, campaign: Campaign, settled: Settled
) -> bool:
    """Open a case again of which a person thought it was done, where there is news."""
    case = find_case(tenant, connection, case_id)
    if case.state == "dismissed" and case_id in settled.lapsed:
        why = settled.lapsed[case_id]
    elif case.state == "closed" and campaign.active and campaign.last_seen > (case.seen_at_close or 0):
        why = "the campaign is active again"
    else:
        return False
    open_again(tenant, connection, case, by=MACHINE, reason=why)
    return True


def _keep(tenant: Tenant, connection: Connection, watch: str, campaign: Campaign) -> None:
    here = (campaigns.c.watch == watch) & (campaigns.c.campaign_id == campaign.campaign_id)
    said = {"updated_at": tenant.clock(), "record": encode(campaign)}
    changed = connection.execute(campaigns.update().where(tenant.mine(campaigns), here).values(**said))
    if not changed.rowcount:
        key = {"tenant": tenant.name, "watch": watch, "campaign_id": campaign.campaign_id}
        connection.execute(campaigns.insert().values(**key, **said))


def _opened(tenant: Tenant, connection: Connection) -> str:
    case_id, now = new_case_id(), tenant.clock()
    row = {"tenant": tenant.name, "case_id": case_id, "state": "open", "opened_at": now, "updated_at": now}
    connection.execute(cases.insert().values(**row))
    return case_id


def _hold(
    tenant: Tenant, connection: Connection, watch: str, one: _Found, case_ids: list[str], running: set[str]
) -> set[str]:
    """Make the cases hold the campaign, instead of those whose place it takes; returns cases to which it is new."""
    new: set[str] = set()
    accounts = {member.account_id for member in one.members}
    this = (watch, one.campaign.campaign_id)
    for case_id in case_ids:
        here = tenant.mine(holdings) & (holdings.c.case_id == case_id)
        known = connection.execute(sql.select(holdings).where(here)).all()
        if this not in {(row.watch, row.campaign_id) for row in known}:
            new.add(case_id)
            key = {"tenant": tenant.name, "case_id": case_id, "watch": watch, "campaign_id": this[1]}
            leading = case_id == case_ids[0]
            connection.execute(holdings.insert().values(**key, current=True, leading=leading))
        else:
            own = (holdings.c.watch == watch) & (holdings.c.campaign_id == this[1])
            connection.execute(holdings.update().where(here, own).values(current=True))
        for row in known:
            other = (row.watch, row.campaign_id)
            if other == this or not row.current or (row.watch == watch and row.campaign_id in running):
                continue
            _supersede(tenant, connection, case_id, other, accounts)
    return new


def _supersede(
    tenant: Tenant, connection: Connection, case_id: str, campaign: tuple[str, str], accounts: set[str]
) -> None:
    """An older run's campaign leaves the case if this one is the same group of accounts."""

    def of(table: sql.Table) -> sql.ColumnElement[bool]:
        key = (table.c.watch == campaign[0]) & (table.c.campaign_id == campaign[1])
        return tenant.mine(table) & (table.c.case_id == case_id) & key & table.c.current

    own = set(connection.execute(sql.select(members.c.account_id).where(of(members))).scalars())
    if not own or same(len(own & accounts), len(own), len(accounts)):
        connection.execute(members.update().where(of(members)).values(current=False))
        connection.execute(holdings.update().where(of(holdings)).values(current=False))


def _place(
    tenant: Tenant,
    connection: Connection,
    watch: str,
    one: _Found,
    case_ids: list[str],
    cleared: frozenset[str],
) -> dict[str, str]:
    """Put each member into the case that holds it already, or into the first; cleared ones are not current.

    Returns the case of each that is.
    """
    accounts = {member.account_id for member in one.members}
    dismissed = {case for case in case_ids if find_case(tenant, connection, case).state == "dismissed"}
    home = _homes(tenant, connection, accounts, case_ids)
    this = (members.c.watch == watch) & (members.c.campaign_id == one.campaign.campaign_id)
    connection.execute(members.update().where(tenant.mine(members), this).values(current=False))
    for part in in_parts(sorted(accounts)):
        connection.execute(members.delete().where(tenant.mine(members), this, members.c.account_id.in_(part)))
    key = {"tenant": tenant.name, "watch": watch, "campaign_id": one.campaign.campaign_id}
    rows = []
    for member in one.members:
        case_id = home.get(member.account_id, case_ids[0])
        current = case_id in dismissed or member.account_id not in cleared
        rows.append(key | msgspec.structs.asdict(member) | {"case_id": case_id, "current": current})
    connection.execute(members.insert(), rows)
    return {str(row["account_id"]): str(row["case_id"]) for row in rows if row["current"]}


def _leave(
    tenant: Tenant, connection: Connection, this: tuple[str, str], placed: dict[str, str]
) -> dict[str, int]:
    """An account is in one case, by one campaign: the latest. Returns how many accounts other cases lost."""
    left: dict[str, int] = {}
    older = (members.c.watch != this[0]) | (members.c.campaign_id != this[1])
    for part in in_parts(sorted(placed)):
        here = tenant.mine(members) & members.c.account_id.in_(part) & members.c.current & older
        wanted = sql.select(members.c.account_id, members.c.case_id).where(here).distinct()
        for row in connection.execute(wanted):
            if row.case_id != placed[row.account_id]:
                left[row.case_id] = left.get(row.case_id, 0) + 1
        connection.execute(members.update().where(here).values(current=False))
    return left


def _homes(tenant: Tenant, connection: Connection, accounts: set[str], case_ids: list[str]) -> dict[str, str]:
    """The case of `case_ids` that each account is in; where it still is before where it was."""
    out: dict[str, str] = {}
    for part in in_parts(sorted(accounts)):
        wanted = sql.select(members.c.account_id, members.c.case_id).where(
            tenant.mine(members), members.c.account_id.in_(part), members.c.case_id.in_(case_ids)
        )
        for row in connection.execute(wanted.order_by(members.c.current)):
            out[row.account_id] = row.case_id
    return out
