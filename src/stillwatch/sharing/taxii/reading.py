"""Reading a collection: a page of what one recipient is shown, in the order in which it was added.

Every object has a time of adding of its own in its collection, and later ones come to be seen later, since writers of a
tenant wait for each other. So a page goes on after a time, costs the same wherever it begins, and misses nothing.
"""

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.cases.store import Tenant
from stillwatch.records import Micros
from stillwatch.sharing.taxii.filters import Filter
from stillwatch.sharing.taxii.levels import Level
from stillwatch.sharing.taxii.partners import Shelf
from stillwatch.sharing.taxii.release import Shown
from stillwatch.sharing.taxii.schema import objects

PAGE_BYTES = 8 << 20  # of objects, after which a page ends whatever its limit
AT_ONCE = 250  # rows that are fetched together


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an object, as it is held."""

    added: Micros
    object_id: str
    version_text: str
    body: bytes


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What is read at once."""

    held: Sequence[Held]
    more: bool


def read_page(tenant: Tenant, shelf: Shelf, shown: Shown, wanted: Filter) -> Page:
    """The objects that are shown and wanted, from `wanted.after` on."""
    held: list[Held] = []
    size, limit = 0, wanted.limit
    with (
        tenant.reading() as connection,
        closing(_rows(tenant, connection, shelf, shown, wanted)) as rows,
    ):
        for row in rows:
            body = bytes(row.body)
            if shown.admits is not None and not shown.admits(body):
                continue
            if len(held) == limit or (held and size + len(body) > PAGE_BYTES):
                return Page(held=held, more=True)
            size += len(body)
            held.append(
                Held(added=row.added, object_id=row.object_id, version_text=row.version_text, body=body)
            )
    return Page(held=held, more=False)


def exists(tenant: Tenant, shelf: Shelf, shown: Shown, object_id: str) -> bool:
    """Whether any version of an object is shown."""
    wanted = Filter(ids=[object_id], every=True, limit=1)
    return bool(read_page(tenant, shelf, shown, wanted).held)


def _rows(
    tenant: Tenant, connection: Connection, shelf: Shelf, shown: Shown, wanted: Filter
) -> Generator[Row[Any], None, None]:
    """Rows in order. One query does, unless a policy leaves some of its rows out."""
    after = wanted.after
    while not wanted.nothing and shown.levels:
        query = _query(tenant, shelf, shown, wanted, after)
        count = 0
        with connection.execution_options(yield_per=AT_ONCE).execute(query) as rows:
            for row in rows:
                count, after = count + 1, row.added
                yield row
        if count <= wanted.limit:
            return


def _query(
    tenant: Tenant, shelf: Shelf, shown: Shown, wanted: Filter, after: Micros | None
) -> sql.Select[Any]:
    c = objects.c
    here = tenant.mine(objects) & (c.number == shelf.number)
    if after is not None:
        here &= c.added > after
    columns = sql.select(c.added, c.object_id, c.version_text, c.body)
    most = wanted.limit + 1
    condition = _condition(wanted, shown)
    own = tenant.mine(objects) & (c.number == shelf.number)
    if wanted.ids is not None:  # alone, so that no index of other things is taken for the one of ids
        times = sql.select(c.added).where(own, c.object_id.in_(wanted.ids))
        return columns.where(here, condition, c.added.in_(times)).order_by(c.added).limit(most)
    arms = [
        sql.select(
            sql.select(c.added).where(here, condition, arm).order_by(c.added).limit(most).subquery().c.added
        )
        for arm in _arms(wanted, shown)
    ]
    found = arms[0] if len(arms) == 1 else sql.union_all(*arms)
    return columns.where(own, c.added.in_(found)).order_by(c.added).limit(most)


def _arms(wanted: Filter, shown: Shown) -> list[sql.ColumnElement[bool]]:
    """Conditions that share all rows out between them, in each of which an index has the rows in order.

    So a page of what is rare, such as what few are shown, is not looked for among all that is not.
    """
    c = objects.c
    only_last = wanted.last and not (wanted.first or wanted.every or wanted.versions)
    if wanted.kinds is None and not only_last and shown.levels == frozenset(Level):
        return [sql.true()]
    newest: list[sql.ColumnElement[bool]] = [c.last] if only_last else [c.last, sql.not_(c.last)]
    if wanted.kinds is not None:
        return [last & (c.kind == kind) for last in newest for kind in wanted.kinds]
    return [last & (c.level == int(level)) for last in newest for level in sorted(shown.levels)]


def _condition(wanted: Filter, shown: Shown) -> sql.ColumnElement[bool]:
    c = objects.c
    parts: list[sql.ColumnElement[bool]] = []
    if shown.levels != frozenset(Level):
        parts.append(c.level.in_(sorted(map(int, shown.levels))))
    if wanted.kinds is not None:
        parts.append(c.kind.in_(wanted.kinds))
    if not wanted.every:
        versions: list[sql.ColumnElement[bool]] = [c.first] if wanted.first else []
        versions += [c.last] if wanted.last else []
        versions += [c.version.in_(wanted.versions)] if wanted.versions else []
        parts.append(sql.or_(*versions))
    return sql.and_(sql.true(), *parts)
