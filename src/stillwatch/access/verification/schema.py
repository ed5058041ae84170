"""The tables of verification, in the store of cases. Every row but that of the version has its tenant."""

import sqlalchemy as sql
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Connection

from stillwatch.cases.schema import AnyText
from stillwatch.records import InvalidConfiguration

VERSION = 1  # of these tables; raised with every change to them
MAKING = 5_717_264  # names PostgreSQL's lock under which they are made

metadata = MetaData()

versions = Table(
    "verification_versions", metadata, Column("version", Integer, primary_key=True, autoincrement=False)
)
proofs = Table(
    "verification_proofs",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("proof_id", AnyText, primary_key=True),
    Column("account_id", AnyText, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("method", String(32), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("provenance", Text, nullable=False),  # canonical JSON
    Column("revoked_at", BigInteger),
    Index("proofs_of_account", "tenant", "account_id"),
)
subjects = Table(
    "verification_subjects",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("token", String(32), primary_key=True),
    Column("account_id", AnyText, primary_key=True),
    Column("proof_id", AnyText, primary_key=True),  # empty where the thing was shown and refused
    Column("seen_at", BigInteger, nullable=False),
    Index("subjects_of_account", "tenant", "account_id"),
)
keys = Table(
    "verification_keys",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key_id", AnyText, primary_key=True),
    Column("account_id", AnyText, nullable=False),
    Column("print", String(32), nullable=False),  # keyed token of the public key, whatever its id
    Column("public", Text, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("facts", Text, nullable=False),  # canonical JSON
    Column("proof_id", AnyText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("key_once", "tenant", "kind", "print", unique=True),
    Index("keys_of_account", "tenant", "account_id"),
    ForeignKeyConstraint(
        ["tenant", "proof_id"], ["verification_proofs.tenant", "verification_proofs.proof_id"]
    ),
)
challenges = Table(
    "verification_challenges",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("challenge_id", AnyText, primary_key=True),
    Column("account_id", AnyText, nullable=False),
    Column("method", String(32), nullable=False),
    Column("state", Text, nullable=False),  # canonical JSON
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("attempts_left", Integer, nullable=False),
    Column("used_at", BigInteger),
    Index("challenges_of_account", "tenant", "account_id"),
    Index("challenges_by_end", "tenant", "expires_at"),
)
nonces = Table(
    "verification_nonces",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("purpose", AnyText, primary_key=True),
    Column("nonce", String(64), primary_key=True),  # SHA-256: what comes from outside may be of any length
    Column("expires_at", BigInteger, nullable=False),
    Index("nonces_by_end", "tenant", "expires_at"),
)


def prepare(connection: Connection) -> None:
    """Make the tables in a store that has none. Raises InvalidConfiguration where they are of a newer version."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(MAKING)))
    if sql.inspect(connection).has_table(versions.name):
        found = connection.execute(sql.select(sql.func.max(versions.c.version))).scalar_one() or 0
        if found > VERSION:
            raise InvalidConfiguration(
                f"the store was written by a newer Stillwatch: its schema of verification is {found}, "
                f"this one knows {VERSION}"
            )
        if found == VERSION:
            return
    metadata.create_all(connection)
    connection.execute(versions.insert().values(version=VERSION))
