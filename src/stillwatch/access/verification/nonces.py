"""Ids that count once: those of webhooks, and of proofs that calls carry. Kept until they would be too late anyway."""

from hashlib import sha256

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.access.verification.refusal import Refused
from stillwatch.access.verification.schema import nonces
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros


def seen(tenant: Tenant, connection: Connection, purpose: str, nonce: str, now: Micros) -> bool:
    """Whether a nonce was used, as far as that is still known."""
    here = tenant.mine(nonces) & (nonces.c.purpose == purpose) & (nonces.c.nonce == _hashed(nonce))
    wanted = sql.select(nonces.c.nonce).where(here, nonces.c.expires_at >= now)
    return connection.execute(wanted).first() is not None


def use_nonce(
    tenant: Tenant, connection: Connection, purpose: str, nonce: str, *, now: Micros, until: Micros
) -> None:
    """Remember a nonce. Raises Refused where it was used: writers of a tenant come one after the other."""
    connection.execute(nonces.delete().where(tenant.mine(nonces), nonces.c.expires_at < now))
    if seen(tenant, connection, purpose, nonce, now):
        raise Refused("replayed", "this was taken before")
    row = {"tenant": tenant.name, "purpose": purpose, "nonce": _hashed(nonce), "expires_at": until}
    connection.execute(nonces.insert().values(**row))


def _hashed(nonce: str) -> str:
    return sha256(nonce.encode("utf-8", "surrogatepass")).hexdigest()
