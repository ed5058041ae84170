"""Who takes part: partners with the TLP level they are shown, collections, and which partner may do what in which.

A partner is the owner of a token. One that nobody has entered here sees what is TLP:CLEAR, of collections that it was
let into. Who holds a token with the scope `admin` is of the house, and may do everything.
"""

import re
from typing import Any
from uuid import uuid4

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft
from stillwatch.cases.store import Tenant
from stillwatch.cases.tokens import Token
from stillwatch.records import NotThere, UsageError
from stillwatch.sharing.taxii.levels import Level
from stillwatch.sharing.taxii.schema import collections, grants, partners

ALIAS = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is let in."""

    name: str
    level: Level
    pulls: bool
    pushes: bool
    house: bool = False
    certificate: str | None = None


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """A collection, and what one partner may do in it."""

    number: int
    collection_id: str
    alias: str | None
    title: str
    description: str | None
    unmarked: Level
    can_read: bool = True
    can_write: bool = True


def known_partner(tenant: Tenant, token: Token) -> Partner:
    """The partner that a token belongs to."""
    with tenant.reading() as connection:
        wanted = sql.select(partners).where(tenant.mine(partners), partners.c.partner == token.owner)
        row = connection.execute(wanted).first()
    house = "admin" in token.scopes
    return Partner(
        name=token.owner,
        level=Level.RED if house else Level.CLEAR if row is None else Level(row.level),
        pulls=token.may("pull"),
        pushes=token.may("push"),
        house=house,
        certificate=None if row is None else row.certificate,
    )


def set_partner(tenant: Tenant, name: str, level: Level, *, certificate: str | None = None, by: str) -> None:
    """Enter a partner, or change what it is shown and which client certificate it must show beside its token."""
    if not name.strip():
        raise UsageError("a partner has a name: that of the owner of its tokens")
    if certificate is not None and not FINGERPRINT.fullmatch(certificate):
        raise UsageError("a certificate is named by its SHA-256, 64 hexadecimal digits in lower case")
    with tenant.writing() as connection:
        this = tenant.mine(partners) & (partners.c.partner == name)
        connection.execute(partners.delete().where(this))
        row = {"partner": name, "level": int(level), "certificate": certificate}
        connection.execute(partners.insert().values(tenant=tenant.name, **row))
        facts = {"partner": name, "level": level.label, "certificate": certificate}
        append_many(tenant, connection, [Draft(kind="taxii_partner_set", by=by, facts=facts)])


def add_collection(
    tenant: Tenant,
    title: str,
    *,
    by: str,
    alias: str | None = None,
    description: str | None = None,
    unmarked: Level = Level.AMBER,
) -> str:
    """A new collection, which nobody outside may use yet; returns its id."""
    if not title.strip():
        raise UsageError("a collection has a title")
    if alias is not None and not ALIAS.fullmatch(alias):
        raise UsageError("an alias has lower-case letters, digits and dashes")
    collection_id = str(uuid4())
    with tenant.writing() as connection:
        taken = sql.select(collections.c.number).where(tenant.mine(collections), collections.c.alias == alias)
        if connection.execute(taken).first() is not None:
            raise UsageError(f"there is a collection with the alias {alias}")
        highest = sql.select(sql.func.max(collections.c.number)).where(tenant.mine(collections))
        row = {
            "number": (connection.execute(highest).scalar() or 0) + 1,
            "collection_id": collection_id,
            "alias": alias,
            "title": title,
            "description": description,
            "unmarked": int(unmarked),
            "added": tenant.clock(),
        }
        connection.execute(collections.insert().values(tenant=tenant.name, **row))
        facts = {"collection_id": collection_id, "title": title, "unmarked": unmarked.label}
        append_many(tenant, connection, [Draft(kind="taxii_collection_added", by=by, facts=facts)])
    return collection_id


def grant(tenant: Tenant, collection: str, partner: str, *, read: bool, write: bool, by: str) -> None:
    """Say what a partner may do in a collection; neither takes it out again. Raises NotThere."""
    shelf = house_shelf(tenant, collection)
    with tenant.writing() as connection:
        this = tenant.mine(grants) & (grants.c.number == shelf.number) & (grants.c.partner == partner)
        connection.execute(grants.delete().where(this))
        if read or write:
            row = {"number": shelf.number, "partner": partner, "can_read": read, "can_write": write}
            connection.execute(grants.insert().values(tenant=tenant.name, **row))
        facts = {"collection_id": shelf.collection_id, "partner": partner, "read": read, "write": write}
        append_many(tenant, connection, [Draft(kind="taxii_granted", by=by, facts=facts)])


def house_shelf(tenant: Tenant, collection: str) -> Shelf:
    """A collection by its id or alias, for those of the house. Raises NotThere."""
    found = find_shelf(
        tenant, Partner(name="", level=Level.RED, pulls=True, pushes=True, house=True), collection
    )
    if found is None:
        raise NotThere(f"there is no collection {collection!r}")
    return found


def find_shelf(tenant: Tenant, partner: Partner, collection: str) -> Shelf | None:
    """A collection by its id or alias; None where it is not there, or not for this partner."""
    this = sql.or_(collections.c.collection_id == collection, collections.c.alias == collection)
    with tenant.reading() as connection:
        return next(iter(_shelves(tenant, connection, partner, this)), None)


def list_shelves(tenant: Tenant, partner: Partner) -> list[Shelf]:
    """The collections that a partner may use, the oldest first."""
    with tenant.reading() as connection:
        return _shelves(tenant, connection, partner, sql.true())


def _shelves(
    tenant: Tenant, connection: Connection, partner: Partner, condition: sql.ColumnElement[bool]
) -> list[Shelf]:
    wanted = sql.select(collections).where(tenant.mine(collections), condition)
    rows = connection.execute(wanted.order_by(collections.c.number)).all()
    if partner.house:
        return [_shelf(row, read=True, write=True) for row in rows]
    of_partner = sql.select(grants).where(tenant.mine(grants), grants.c.partner == partner.name)
    given = {row.number: row for row in connection.execute(of_partner)}
    shelves = [
        _shelf(
            row,
            read=given[row.number].can_read and partner.pulls,
            write=given[row.number].can_write and partner.pushes,
        )
        for row in rows
        if row.number in given
    ]
    return [shelf for shelf in shelves if shelf.can_read or shelf.can_write]


def _shelf(row: Row[Any], *, read: bool, write: bool) -> Shelf:
    return Shelf(
        number=row.number,
        collection_id=row.collection_id,
        alias=row.alias,
        title=row.title,
        description=row.description,
        unmarked=Level(row.unmarked),
        can_read=read,
        can_write=write,
    )
