"""One identity, one organisation, 90 days: counted by keyed tokens, so that no document, name or number is stored.

A store of cases holds the tokens, in a table of their own; the key lies elsewhere. Tokens whose time is over are
deleted, and their key with them.
"""

import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sql
from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, Row, String, Table

from stillwatch.access.signup.epoch_keys import EPOCH, EpochKeys
from stillwatch.cases.schema import AnyText
from stillwatch.cases.store import MAKING, Tenant
from stillwatch.records import Micros, UsageError

COUNTS = EPOCH  # as a peer does: "one ID verifies one organisation per 90 days"

metadata = MetaData()
identity_tokens = Table(
    "identity_tokens",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("epoch", BigInteger, nullable=False),  # whose key both tokens are made with
    Column("organisation", String(64), nullable=False),  # a token as well
    Column("claimed_at", BigInteger, nullable=False),
    Index("identity_tokens_by_age", "tenant", "claimed_at"),
)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown: a kind of document, or a provider of identities, its country, and the number in it."""

    kind: str
    country: str
    number: str

    def parts(self) -> tuple[str, str, str]:
        """The same for the same document, whatever its spaces, dashes and letter case."""
        number = "".join(c for c in unicodedata.normalize("NFKC", self.number).casefold() if c.isalnum())
        if not number:
            raise UsageError("an identity has a number")
        return self.kind.strip().casefold(), self.country.strip().casefold(), number


class IdentityClaim(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one claim. `others` is what `SignupRequest.identity_claims` takes."""

    granted: bool
    token: str
    since: Micros  # of the claim that stands
    free_at: Micros  # when the identity may stand for another organisation

    @property
    def others(self) -> int:
        """Other organisations that the identity stands for now."""
        return 0 if self.granted else 1


class Identities:
    """The identities that a tenant's organisations have shown."""

    def __init__(self, tenant: Tenant, key_file: Path) -> None:
        self._tenant = tenant
        self._keys = EpochKeys(key_file)
        with tenant.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sql.select(sql.func.pg_advisory_xact_lock(MAKING)))
            metadata.create_all(connection)

    def claim(self, identity: Identity, organisation: str) -> IdentityClaim:
        """Let an identity stand for an organisation, unless it stands for another. A repeat is the same claim."""
        now = self._tenant.clock()
        epoch = self._keys.epoch(now)
        token = self._keys.token(epoch, "identity", *identity.parts())
        with self._tenant.writing() as connection:
            standing = self._standing(connection, identity, now)
            if standing is None:
                row = {
                    "token": token,
                    "epoch": epoch,
                    "organisation": self._keys.token(epoch, "organisation", organisation),
                    "claimed_at": now,
                }
                connection.execute(identity_tokens.insert().values(tenant=self._tenant.name, **row))
                return IdentityClaim(granted=True, token=token, since=now, free_at=Micros(now + COUNTS))
        same = standing.organisation == self._keys.token(standing.epoch, "organisation", organisation)
        return IdentityClaim(
            granted=same,
            token=token,
            since=Micros(standing.claimed_at),
            free_at=Micros(standing.claimed_at + COUNTS),
        )

    def release(self, identity: Identity, organisation: str) -> bool:
        """End a claim before its time, after an appeal; whether there was one."""
        now = self._tenant.clock()
        with self._tenant.writing() as connection:
            standing = self._standing(connection, identity, now)
            if standing is None or standing.organisation != self._keys.token(
                standing.epoch, "organisation", organisation
            ):
                return False
            this = self._tenant.mine(identity_tokens) & (identity_tokens.c.token == standing.token)
            connection.execute(identity_tokens.delete().where(this))
            return True

    def forget(self) -> int:
        """Delete tokens whose time is over, and make their key gone; how many were deleted."""
        now = self._tenant.clock()
        with self._tenant.writing() as connection:
            over = self._tenant.mine(identity_tokens) & (identity_tokens.c.claimed_at <= now - COUNTS)
            deleted = connection.execute(identity_tokens.delete().where(over)).rowcount
        self._keys.retire(self._keys.epoch(now) - 1)
        return deleted

    def _standing(self, connection: Connection, identity: Identity, now: Micros) -> Row[Any] | None:
        """The claim of this identity that counts now. Its time spans two epochs at most."""
        epoch, columns = self._keys.epoch(now), identity_tokens.c
        tokens = [
            self._keys.token(one, "identity", *identity.parts())
            for one in (epoch - 1, epoch, epoch + 1)  # the clock that wrote may be ahead of this one
            if self._keys.has(one)
        ]
        wanted = sql.select(identity_tokens).where(
            self._tenant.mine(identity_tokens),
            columns.token.in_(tokens),
            columns.claimed_at > now - COUNTS,
        )
        return connection.execute(wanted.order_by(columns.claimed_at)).first()
