"""Challenges: what an account was asked to show. Each has an end, is of one account, and is answered once."""

import json
import secrets
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.access.verification.proof import DAY
from stillwatch.access.verification.refusal import Refused
from stillwatch.access.verification.schema import challenges
from stillwatch.cases.entry import canonical
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros

BYTES = 16
KEPT = 30 * DAY  # after its end, so that who comes late is told that it is late
MOST_OPEN = 20  # of one account and method: with five tries each, 100 guesses at a code in its 15 minutes
PURGED = 100  # at the most with each new one

ChallengeRow: TypeAlias = Row[Any]


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge as its method sees it again."""

    challenge_id: str
    account_id: str
    method: str
    state: dict[str, Any]
    made_at: Micros
    expires_at: Micros


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge that is to be made."""

    account_id: str
    method: str
    state: dict[str, Any]
    lives: int
    attempts: int


def add_challenges(
    tenant: Tenant, connection: Connection, wanted: Sequence[Wanted], now: Micros
) -> list[Challenge]:
    """All of them or none, in the order in which they are wanted."""
    _purge(tenant, connection, now)
    made = [
        Challenge(
            challenge_id=f"challenge-{secrets.token_hex(BYTES)}",
            account_id=one.account_id,
            method=one.method,
            state=one.state,
            made_at=now,
            expires_at=Micros(now + one.lives),
        )
        for one in wanted
    ]
    rows = [
        msgspec.structs.asdict(challenge)
        | {"tenant": tenant.name, "attempts_left": one.attempts, "state": canonical(one.state)}
        for challenge, one in zip(made, wanted, strict=True)
    ]
    if rows:
        connection.execute(challenges.insert(), rows)
    return made


def check_open(tenant: Tenant, connection: Connection, account_id: str, method: str, now: Micros) -> None:
    """Raises Refused where an account has begun too often: a challenge bounds its tries, and this the challenges."""
    if len(open_challenges(tenant, connection, account_id, method, now)) >= MOST_OPEN:
        raise Refused("too_many_attempts", f"{MOST_OPEN} of these are open already; answer one, or wait")


def _purge(tenant: Tenant, connection: Connection, now: Micros) -> None:
    """A few at a time, so that nobody waits for all that a year left."""
    old = (
        sql.select(challenges.c.challenge_id)
        .where(tenant.mine(challenges), challenges.c.expires_at < now - KEPT)
        .limit(PURGED)
    )
    gone = list(connection.execute(old).scalars())
    if gone:
        connection.execute(
            challenges.delete().where(tenant.mine(challenges), challenges.c.challenge_id.in_(gone))
        )


def try_challenge(
    tenant: Tenant, challenge_id: str, *, method: str, account_id: str | None, now: Micros
) -> Challenge:
    """A challenge that may be answered now; the attempt is counted before it is looked at. Raises Refused."""
    with tenant.writing() as connection:
        row = _find(tenant, connection, challenge_id)
        if row is None or row.method != method:
            raise Refused("unknown", f"nothing of {method} was begun under this id")
        if account_id is not None and row.account_id != account_id:
            raise Refused("mismatch", "it was begun for another account")
        _check(row, now)
        if row.attempts_left <= 0:
            raise Refused("too_many_attempts", "it was answered wrongly too often; begin again")
        connection.execute(
            challenges.update()
            .where(tenant.mine(challenges), challenges.c.challenge_id == challenge_id)
            .values(attempts_left=row.attempts_left - 1)
        )
        return _challenge(row)


def open_challenges(
    tenant: Tenant, connection: Connection, account_id: str, method: str, now: Micros
) -> list[Challenge]:
    """Those of an account that may still be answered, the oldest first."""
    wanted = sql.select(challenges).where(
        tenant.mine(challenges),
        challenges.c.account_id == account_id,
        challenges.c.method == method,
        challenges.c.used_at.is_(None),
        challenges.c.expires_at > now,
    )
    ordered = wanted.order_by(challenges.c.made_at, challenges.c.challenge_id)
    return [_challenge(row) for row in connection.execute(ordered)]


def use_challenge(tenant: Tenant, connection: Connection, challenge_id: str, now: Micros) -> None:
    """Mark it as answered, within the transaction that writes what it proved. Raises Refused."""
    row = _find(tenant, connection, challenge_id)
    if row is None:
        raise Refused("unknown", "the challenge is gone")
    _check(row, now)
    connection.execute(
        challenges.update()
        .where(tenant.mine(challenges), challenges.c.challenge_id == challenge_id)
        .values(used_at=now, state="{}")
    )


def _find(tenant: Tenant, connection: Connection, challenge_id: str) -> ChallengeRow | None:
    wanted = sql.select(challenges).where(tenant.mine(challenges), challenges.c.challenge_id == challenge_id)
    return connection.execute(wanted).first()


def _check(row: ChallengeRow, now: Micros) -> None:
    if row.used_at is not None:
        raise Refused("used", "it was answered already; begin again")
    if now >= row.expires_at:
        raise Refused("expired", "it has expired; begin again")


def _challenge(row: ChallengeRow) -> Challenge:
    return Challenge(
        challenge_id=row.challenge_id,
        account_id=row.account_id,
        method=row.method,
        state=json.loads(row.state),
        made_at=row.made_at,
        expires_at=row.expires_at,
    )
