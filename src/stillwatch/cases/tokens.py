"""Tokens that open the service: shown once, kept as a hash, each of one tenant, one owner, some scopes and an end.

A token is 32 random bytes. Nobody guesses one, so its hash needs no salt and no slow function: argon2 makes guesses of
passwords dear, and here would only make each request dear. A row is found by the hash, so that the time of a look-up
says nothing about the token itself.
"""

import secrets
from collections.abc import Collection
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal, TypeAlias, get_args

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Row

from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft
from stillwatch.cases.schema import tokens
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros, NotThere, UsageError

Scope: TypeAlias = Literal["read", "decide", "review", "ingest", "verify", "pull", "push", "admin"]
"""See everything; change cases; stand for a block as a reviewer; hand in exchanges and decisions; verify customers; as a
partner, take what is shared and hand in what they share; all of it, and tokens."""

SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "swt_"  # by which scanners of secrets know a token that got out
BYTES = 32
DAY = 86_400_000_000
LONGEST = 3660  # days


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a token: all but the token."""

    token_id: str
    owner: str
    scopes: list[Scope]
    created_at: Micros
    expires_at: Micros
    revoked_at: Micros | None = None

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes or "admin" in self.scopes


def add_token(
    tenant: Tenant, *, owner: str, scopes: Collection[Scope], days: float, by: str
) -> tuple[Token, str]:
    """A new token, and its text, which is not kept."""
    if not owner.strip() or not by.strip():
        raise UsageError("a token needs an owner, and a person who makes it")
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not chosen or len(chosen) < len(set(scopes)):
        raise UsageError(f"a token has one or more of the scopes {', '.join(SCOPES)}")
    if not 0 < days <= LONGEST:
        raise UsageError(f"a token lives for up to {LONGEST:,} days")
    text = PREFIX + secrets.token_urlsafe(BYTES)
    now = tenant.clock()
    token = Token(
        token_id=f"token-{secrets.token_hex(6)}",
        owner=owner,
        scopes=chosen,
        created_at=now,
        expires_at=Micros(now + round(days * DAY)),
    )
    told = {"token_id": token.token_id, "owner": owner, "scopes": chosen, "expires_at": token.expires_at}
    with tenant.writing() as connection:
        row = msgspec.structs.asdict(token) | {"tenant": tenant.name, "hash": _hash(text)}
        connection.execute(tokens.insert().values(**row | {"scopes": " ".join(chosen)}))
        append_many(tenant, connection, [Draft(kind="token_added", by=by, facts=told)])
    return token, text


def find_token(tenant: Tenant, text: str) -> Token | None:
    """The token of this text, unless it has expired or was revoked."""
    wanted = _hash(text)
    with tenant.reading() as connection:
        row = connection.execute(
            sql.select(tokens).where(
                tenant.mine(tokens),
                tokens.c.hash == wanted,
                tokens.c.revoked_at.is_(None),
                tokens.c.expires_at > tenant.clock(),
            )
        ).first()
    return _token(row) if row is not None and compare_digest(row.hash, wanted) else None


def list_tokens(tenant: Tenant) -> list[Token]:
    """All of them, the oldest first; expired and revoked ones as well."""
    with tenant.reading() as connection:
        wanted = sql.select(tokens).where(tenant.mine(tokens))
        ordered = wanted.order_by(tokens.c.created_at, tokens.c.token_id)
        return [_token(row) for row in connection.execute(ordered)]


def has_tokens(tenant: Tenant) -> bool:
    """Whether there ever was one."""
    with tenant.reading() as connection:
        wanted = sql.select(tokens.c.token_id).where(tenant.mine(tokens)).limit(1)
        return connection.execute(wanted).first() is not None


def revoke_token(tenant: Tenant, token_id: str, *, by: str) -> Token:
    """End a token now. Once revoked it stays so. Raises NotThere."""
    with tenant.writing() as connection:
        this = tenant.mine(tokens) & (tokens.c.token_id == token_id)
        row = connection.execute(sql.select(tokens).where(this)).first()
        if row is None:
            raise NotThere(f"there is no token {token_id!r}")
        if row.revoked_at is not None:
            return _token(row)
        now = tenant.clock()
        connection.execute(tokens.update().where(this).values(revoked_at=now))
        draft = Draft(kind="token_revoked", by=by, facts={"token_id": token_id, "owner": row.owner})
        append_many(tenant, connection, [draft])
        return msgspec.structs.replace(_token(row), revoked_at=now)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _token(row: Row[Any]) -> Token:
    return Token(
        token_id=row.token_id,
        owner=row.owner,
        scopes=row.scopes.split(),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
