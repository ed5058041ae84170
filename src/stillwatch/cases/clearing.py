"""Accounts that a person cleared: they are not accused again on the same evidence.

A clearing is of a whole case, by its dismissal, or of accounts one by one. It keeps a digest of the evidence it
was given on; `growth` says when it lapses. What joins a dismissed group later is cleared with it.
"""

import secrets
from collections.abc import Collection, Iterable

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft
from stillwatch.cases.evidence import Evidence, growth, weighed
from stillwatch.cases.matching import same
from stillwatch.cases.rows import held_campaigns, in_parts
from stillwatch.cases.schema import cleared as cleared_rows
from stillwatch.cases.schema import clearings, members
from stillwatch.cases.store import Tenant
from stillwatch.records import Campaign, Micros


class Clearing(msgspec.Struct, frozen=True, kw_only=True):
    """An account that stands cleared."""

    account_id: str
    case_id: str
    ts: Micros
    person: str
    whole: bool  # by the dismissal of its case
    evidence: Evidence


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What clearings mean for a campaign that is found (again)."""

    cleared: frozenset[str]
    lapsed: dict[str, str]  # case whose dismissal no longer holds, and why


def cleared(tenant: Tenant, accounts: Iterable[str] | None = None) -> list[Clearing]:
    """Which accounts stand cleared after the latest findings: these, or all."""
    with tenant.reading() as connection:
        return _standing(tenant, connection, accounts)


def give(
    tenant: Tenant,
    connection: Connection,
    case_id: str,
    accounts: Collection[str],
    person: str,
    *,
    whole: bool,
) -> None:
    """Clear accounts of a case on the evidence of each campaign that places them there."""
    for watch, campaign in held_campaigns(tenant, connection, case_id):
        wanted = sql.select(members.c.account_id).where(
            tenant.mine(members),
            members.c.case_id == case_id,
            members.c.watch == watch,
            members.c.campaign_id == campaign.campaign_id,
            members.c.current,
        )
        own = set(accounts) & set(connection.execute(wanted).scalars())
        if not own:
            continue
        clearing_id = f"clearing-{secrets.token_hex(8)}"
        connection.execute(
            clearings.insert().values(
                tenant=tenant.name,
                clearing_id=clearing_id,
                case_id=case_id,
                ts=tenant.clock(),
                person=person,
                whole=whole,
                evidence=msgspec.json.encode(weighed(campaign)).decode(),
            )
        )
        _join(tenant, connection, clearing_id, own)


def end_dismissal(tenant: Tenant, connection: Connection, case_id: str, why: str) -> None:
    """The case is open again: what its dismissal cleared is not cleared any more."""
    of_case = sql.select(clearings.c.clearing_id).where(
        tenant.mine(clearings), clearings.c.case_id == case_id, clearings.c.whole
    )
    connection.execute(
        cleared_rows.update()
        .where(tenant.mine(cleared_rows), cleared_rows.c.clearing_id.in_(of_case))
        .where(cleared_rows.c.ended_at.is_(None))
        .values(ended_at=tenant.clock(), ended_because=why)
    )


def settle(tenant: Tenant, connection: Connection, campaign: Campaign, accounts: Collection[str]) -> Settled:
    """End the clearings that a campaign's evidence has outgrown, and say which accounts stay cleared."""
    now = weighed(campaign)
    by_clearing: dict[str, list[Clearing]] = {}
    for clearing_id, one in _rows(tenant, connection, accounts):
        by_clearing.setdefault(clearing_id, []).append(one)
    kept: set[str] = set()
    lapsed: dict[str, str] = {}
    for clearing_id, ours in by_clearing.items():
        first, own = ours[0], {one.account_id for one in ours}
        why = growth(first.evidence, now, whole=first.whole)
        if why is None:
            kept |= own
            if first.whole and same(len(own), len(accounts), first.evidence.accounts):
                _join(tenant, connection, clearing_id, set(accounts) - own)
                kept |= set(accounts)
            continue
        _lapse(tenant, connection, clearing_id, first.case_id, own, why)
        if first.whole:
            lapsed[first.case_id] = why
    return Settled(cleared=frozenset(kept), lapsed=lapsed)


def _lapse(
    tenant: Tenant, connection: Connection, clearing_id: str, case_id: str, accounts: set[str], why: str
) -> None:
    for part in in_parts(sorted(accounts)):
        connection.execute(
            cleared_rows.update()
            .where(tenant.mine(cleared_rows), cleared_rows.c.clearing_id == clearing_id)
            .where(cleared_rows.c.account_id.in_(part))
            .values(ended_at=tenant.clock(), ended_because=why)
        )
    facts = {"why": why, "accounts": len(accounts)}
    draft = Draft(
        kind="clearing_lapsed", by="stillwatch", case_id=case_id, facts=facts, accounts=sorted(accounts)
    )
    append_many(tenant, connection, [draft])


def _join(tenant: Tenant, connection: Connection, clearing_id: str, accounts: Collection[str]) -> None:
    """Put accounts under a clearing; one whose part in it had ended is cleared anew."""
    here = tenant.mine(cleared_rows) & (cleared_rows.c.clearing_id == clearing_id)
    for part in in_parts(sorted(accounts)):
        connection.execute(cleared_rows.delete().where(here, cleared_rows.c.account_id.in_(part)))
        connection.execute(
            cleared_rows.insert(),
            [{"tenant": tenant.name, "clearing_id": clearing_id, "account_id": one} for one in part],
        )


def _standing(tenant: Tenant, connection: Connection, accounts: Iterable[str] | None) -> list[Clearing]:
    latest = {one.account_id: one for _, one in _rows(tenant, connection, accounts)}
    return sorted(latest.values(), key=lambda one: one.account_id)


def _rows(
    tenant: Tenant, connection: Connection, accounts: Iterable[str] | None
) -> list[tuple[str, Clearing]]:
    """Every clearing that stands, once an account, in order of time."""
    wanted = (
        sql.select(cleared_rows.c.account_id, clearings)
        .join_from(
            cleared_rows,
            clearings,
            (cleared_rows.c.tenant == clearings.c.tenant)
            & (cleared_rows.c.clearing_id == clearings.c.clearing_id),
        )
        .where(tenant.mine(cleared_rows), cleared_rows.c.ended_at.is_(None))
    )
    asked = (
        [wanted]
        if accounts is None
        else [wanted.where(cleared_rows.c.account_id.in_(part)) for part in in_parts(accounts)]
    )
    found = [
        (
            row.clearing_id,
            Clearing(
                account_id=row.account_id,
                case_id=row.case_id,
                ts=row.ts,
                person=row.person,
                whole=row.whole,
                evidence=msgspec.json.decode(row.evidence, type=Evidence),
            ),
        )
        for one in asked
        for row in connection.execute(one)
    ]
    return sorted(found, key=lambda one: (one[1].ts, one[0], one[1].account_id))
