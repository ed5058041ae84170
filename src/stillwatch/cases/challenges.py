"""Challenges in the store, each change with its entry in the audit and, where a case holds the campaign, in that case."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.cases.audit import append_many
from stillwatch.cases.challenge_records import AskedOf, Challenge, Challenged, Weight
from stillwatch.cases.entry import Draft
from stillwatch.cases.rows import in_parts
from stillwatch.cases.schema import challenged, challenges, holdings
from stillwatch.cases.store import Tenant
from stillwatch.records import Claim

MACHINE = "stillwatch"
DETECTOR = "challenge"  # in the evidence of a case: no detector of traffic


def keep_challenge(
    tenant: Tenant, watch: str, challenge: Challenge, changed: Sequence[str], happened: str
) -> None:
    """Write a challenge with the accounts that changed, and why: `challenge_opened`, `_joined`, `_answered`, `_weighed`."""
    with tenant.writing() as connection:
        here = tenant.mine(challenges) & (challenges.c.challenge_id == challenge.challenge_id)
        weight = None if challenge.weight is None else msgspec.json.encode(challenge.weight).decode()
        done = connection.execute(challenges.update().where(here).values(weight=weight))
        if not done.rowcount:
            connection.execute(
                challenges.insert().values(
                    tenant=tenant.name,
                    challenge_id=challenge.challenge_id,
                    watch=watch,
                    campaign_id=challenge.campaign_id,
                    level=challenge.level,
                    opened_at=challenge.opened_at,
                    deadline=challenge.deadline,
                    weight=weight,
                )
            )
        _write(tenant, connection, challenge, changed)
        draft = Draft(
            kind=happened,
            by=MACHINE,
            case_id=_case_of(tenant, connection, watch, challenge.campaign_id),
            facts=_facts(challenge, changed),
            accounts=sorted(changed),
        )
        append_many(tenant, connection, [draft])


def _write(tenant: Tenant, connection: Connection, challenge: Challenge, changed: Sequence[str]) -> None:
    here = tenant.mine(challenged) & (challenged.c.challenge_id == challenge.challenge_id)
    for part in in_parts(changed):
        connection.execute(challenged.delete().where(here, challenged.c.account_id.in_(part)))
        key = {"tenant": tenant.name, "challenge_id": challenge.challenge_id}
        rows = [key | msgspec.structs.asdict(challenge.asked[name]) for name in part]
        connection.execute(challenged.insert(), rows)


def _facts(challenge: Challenge, changed: Sequence[str]) -> dict[str, object]:
    facts: dict[str, object] = {
        "challenge_id": challenge.challenge_id,
        "campaign_id": challenge.campaign_id,
        "level": challenge.level,
        "deadline": challenge.deadline,
        "changed": len(changed),
        "accounts": len(challenge.cluster),
        "controls": len(challenge.controls),
    }
    if challenge.weight is not None:
        facts["weight"] = msgspec.to_builtins(challenge.weight)
    return facts


def _case_of(tenant: Tenant, connection: Connection, watch: str, campaign_id: str) -> str | None:
    """The case that holds a campaign now, the leading one of several."""
    wanted = (
        sql.select(holdings.c.case_id)
        .where(tenant.mine(holdings), holdings.c.watch == watch, holdings.c.campaign_id == campaign_id)
        .where(holdings.c.current)
    )
    return (
        connection.execute(wanted.order_by(holdings.c.leading.desc(), holdings.c.case_id)).scalars().first()
    )


def list_challenges(tenant: Tenant, watch: str | None = None) -> list[Challenge]:
    """All challenges with their accounts, in order of id."""
    with tenant.reading() as connection:
        mine = (
            tenant.mine(challenges)
            if watch is None
            else tenant.mine(challenges) & (challenges.c.watch == watch)
        )
        found = {
            row.challenge_id: _challenge(row)
            for row in connection.execute(
                sql.select(challenges).where(mine).order_by(challenges.c.challenge_id)
            )
        }
        rows = connection.execute(
            sql.select(challenged).where(tenant.mine(challenged)).order_by(challenged.c.account_id)
        )
        for row in rows:
            if row.challenge_id in found:
                found[row.challenge_id].asked[row.account_id] = _asked(row)
        return list(found.values())


def asked_of(tenant: Tenant, account_id: str) -> list[AskedOf]:
    """What challenges asked of one account, the latest first."""
    wanted = (
        sql.select(challenged, challenges.c.campaign_id, challenges.c.level)
        .join_from(
            challenged,
            challenges,
            (challenged.c.tenant == challenges.c.tenant)
            & (challenged.c.challenge_id == challenges.c.challenge_id),
        )
        .where(tenant.mine(challenged), challenged.c.account_id == account_id)
        .order_by(challenged.c.since.desc())
    )
    with tenant.reading() as connection:
        return [
            AskedOf(
                challenge_id=row.challenge_id, campaign_id=row.campaign_id, level=row.level, asked=_asked(row)
            )
            for row in connection.execute(wanted)
        ]


def evidence_of(tenant: Tenant, connection: Connection, held: Iterable[tuple[str, str]]) -> list[Claim]:
    """What weighed challenges of some campaigns (watch, id) showed, as evidence of a case."""
    claims = []
    for watch, campaign_id in held:
        wanted = sql.select(challenges).where(
            tenant.mine(challenges),
            challenges.c.watch == watch,
            challenges.c.campaign_id == campaign_id,
            challenges.c.weight.is_not(None),
        )
        claims += [claim(_challenge(row)) for row in connection.execute(wanted)]
    return claims


def claim(challenge: Challenge) -> Claim:
    """A weighed challenge as a piece of evidence."""
    weight = challenge.weight
    assert weight is not None
    passed = weight.cluster_passed / weight.cluster if weight.cluster else 0.0
    return Claim(
        claim=(
            f"{weight.cluster_passed:,} of {weight.cluster:,} accounts proved level {challenge.level} when all were "
            f"asked at once, and {weight.control_passed:,} of {weight.control:,} others that were asked the same"
        ),
        detector=DETECTOR,
        value=round(passed, 4),
        expected_if_benign=round(weight.pass_rate, 4),
        strength=weight.log_e_value,
        sources=["kyc_level"],
    )


def _challenge(row: Row[Any]) -> Challenge:
    return Challenge(
        challenge_id=row.challenge_id,
        campaign_id=row.campaign_id,
        level=row.level,
        opened_at=row.opened_at,
        deadline=row.deadline,
        asked={},
        weight=None if row.weight is None else msgspec.json.decode(row.weight, type=Weight),
    )


def _asked(row: Row[Any]) -> Challenged:
    return Challenged(
        account_id=row.account_id,
        control=row.control,
        first=row.first,
        since=row.since,
        deadline=row.deadline,
        answer=row.answer,
        answered_at=row.answered_at,
    )
