"""The tables of what is exchanged, beside those of cases and in the same store. Every key begins with the tenant."""

import sqlalchemy as sql
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from stillwatch.cases.schema import AnyText
from stillwatch.cases.store import MAKING, Tenant

metadata = MetaData()

collections = Table(
    "taxii_collections",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("collection_id", String(36), nullable=False),
    Column("alias", String(64)),
    Column("title", AnyText, nullable=False),
    Column("description", AnyText),
    Column("unmarked", Integer, nullable=False),  # the TLP level of objects that carry none
    Column("added", BigInteger, nullable=False),  # when its newest object was added, or it was made
    Index("taxii_collection_by_id", "tenant", "collection_id", unique=True),
    Index("taxii_collection_by_alias", "tenant", "alias", unique=True),
)
partners = Table(
    "taxii_partners",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("partner", AnyText, primary_key=True),  # the owner of its tokens
    Column("level", Integer, nullable=False),  # the highest TLP level that it is shown
    Column("certificate", String(64)),  # SHA-256 of the client certificate it must show
)
grants = Table(
    "taxii_grants",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("partner", AnyText, primary_key=True),
    Column("can_read", Boolean, nullable=False),
    Column("can_write", Boolean, nullable=False),
)
objects = Table(
    "taxii_objects",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("added", BigInteger, primary_key=True, autoincrement=False),  # differs for each in a collection
    Column("object_id", String(300), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("version_text", String(40), nullable=False),  # as the object has it
    Column("kind", String(250), nullable=False),
    Column("level", Integer, nullable=False),
    Column("first", Boolean, nullable=False),
    Column("last", Boolean, nullable=False),
    Column("contributor", AnyText, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the very bytes that were handed in
    Index("taxii_object_by_version", "tenant", "number", "object_id", "version", unique=True),
    Index("taxii_objects_by_level", "tenant", "number", "last", "level", "added"),
    Index("taxii_objects_by_kind", "tenant", "number", "kind", "last", "added"),
)
statuses = Table(
    "taxii_statuses",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("status_id", String(36), primary_key=True),
    Column("partner", AnyText, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    Index("taxii_statuses_by_age", "tenant", "asked_at"),
)


def prepare(tenant: Tenant) -> None:
    """Make the tables, unless they are there."""
    with tenant.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(MAKING)))
        metadata.create_all(connection)
