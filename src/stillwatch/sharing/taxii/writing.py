"""Adding to a collection and taking out of it, with what became of each request and an entry in the audit.

What is refused is refused object by object, with the reason, in the status of the request. An object belongs to who
handed in its first version: nobody else adds a version, so that no partner can take over, weaken the marking of, or
revoke what another one said. The same version handed in again is known already, and counts as a success; with other
content it is refused, and what is held stays.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft
from stillwatch.cases.rows import in_parts
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros, rfc3339
from stillwatch.sharing.taxii.admission import Admitted, Refused, admit, named
from stillwatch.sharing.taxii.filters import Filter
from stillwatch.sharing.taxii.partners import Partner, Shelf
from stillwatch.sharing.taxii.records import Detail, Status
from stillwatch.sharing.taxii.release import Shown
from stillwatch.sharing.taxii.schema import collections, objects, statuses

LOG = logging.getLogger("stillwatch.sharing")
VERSIONS = 1_000  # of one object
KEPT = 3 * 86_400_000_000  # microseconds that statuses are kept; TAXII wants a day


class NotYours(Exception):
    """An object belongs to another partner."""


def add(tenant: Tenant, shelf: Shelf, contributor: str, bodies: Sequence[bytes]) -> Status:
    """Take in what can be taken in; the status says of each object what became of it."""
    asked_at = tenant.clock()
    judged = [_judged(body, position, asked_at) for position, body in enumerate(bodies, 1)]
    with tenant.writing() as connection:
        taking = _Taking(tenant, connection, shelf, contributor)
        taking.look_up(one.object_id for one in judged if isinstance(one, Admitted))
        successes: list[Detail] = []
        failures: list[Detail] = []
        for one in judged:
            told = one if isinstance(one, Detail) else _taken(taking, one, asked_at)
            (successes if told.message is None else failures).append(told)
        taking.write()
        status = Status(
            id=str(uuid4()),
            status="complete",
            request_timestamp=rfc3339(asked_at),
            total_count=len(bodies),
            success_count=len(successes),
            successes=successes,
            failure_count=len(failures),
            failures=failures,
            pending_count=0,
        )
        _keep(tenant, connection, contributor, asked_at, status)
        facts = {
            "collection_id": shelf.collection_id,
            "status_id": status.id,
            "added": len(taking.new),
            "known": len(successes) - len(taking.new),
            "refused": len(failures),
        }
        append_many(tenant, connection, [Draft(kind="taxii_added", by=contributor, facts=facts)])
    _tell(contributor, shelf, status)
    return status


def find_status(tenant: Tenant, partner: Partner, status_id: str) -> bytes | None:
    """The status of a request of this partner, encoded; None where there is none."""
    wanted = sql.select(statuses.c.record).where(tenant.mine(statuses), statuses.c.status_id == status_id)
    if not partner.house:
        wanted = wanted.where(statuses.c.partner == partner.name)
    with tenant.reading() as connection:
        record = connection.execute(wanted).scalar()
    return None if record is None else record.encode()


def delete(
    tenant: Tenant, shelf: Shelf, shown: Shown, partner: Partner, object_id: str, wanted: Filter
) -> int:
    """Take versions of an object out; how many. Raises NotYours where they are another partner's."""
    c = objects.c
    this = tenant.mine(objects) & (c.number == shelf.number) & (c.object_id == object_id)
    with tenant.writing() as connection:
        rows = connection.execute(sql.select(objects).where(this)).all()
        chosen = [
            row
            for row in rows
            if row.level in shown.levels
            and (shown.admits is None or shown.admits(bytes(row.body)))
            and _meant(row, wanted)
        ]
        if any(row.contributor != partner.name for row in chosen) and not partner.house:
            raise NotYours
        if not chosen:
            return 0
        gone = {row.added for row in chosen}
        for part in _in_parts(sorted(gone)):
            connection.execute(objects.delete().where(this, c.added.in_(part)))
        left = sorted((row.version, row.added) for row in rows if row.added not in gone)
        if left:
            connection.execute(objects.update().where(this, c.added == left[0][1]).values(first=True))
            connection.execute(objects.update().where(this, c.added == left[-1][1]).values(last=True))
        facts = {"collection_id": shelf.collection_id, "object_id": object_id, "versions": len(chosen)}
        append_many(tenant, connection, [Draft(kind="taxii_deleted", by=partner.name, facts=facts)])
    return len(chosen)


def _meant(row: Row[Any], wanted: Filter) -> bool:
    if wanted.nothing:
        return False
    named_version = row.version in wanted.versions
    return wanted.every or named_version or (wanted.first and row.first) or (wanted.last and row.last)


def _judged(body: bytes, position: int, now: Micros) -> Admitted | Detail:
    try:
        return admit(body, now)
    except Refused as refused:
        return Detail(id=named(body, position), version=rfc3339(now), message=str(refused))


def _taken(taking: "_Taking", one: Admitted, now: Micros) -> Detail:
    try:
        return Detail(id=one.object_id, version=taking.take(one))
    except Refused as refused:
        return Detail(id=one.object_id, version=one.version_text or rfc3339(now), message=str(refused))


class _Known(msgspec.Struct):
    """What is held of an object: its versions, each with the row it is in, or will be."""

    contributor: str
    versions: dict[Micros, Micros]  # by version: the time of adding
    first: Micros
    last: Micros
    latest: Micros  # the time of adding of what came last


class _Taking:
    """Objects on their way into a collection, within one transaction."""

    def __init__(self, tenant: Tenant, connection: Connection, shelf: Shelf, contributor: str) -> None:
        self._tenant = tenant
        self._connection = connection
        self._shelf = shelf
        self._contributor = contributor
        self._known: dict[str, _Known] = {}
        self._this = tenant.mine(collections) & (collections.c.number == shelf.number)
        newest = connection.execute(sql.select(collections.c.added).where(self._this)).scalar_one()
        self._added = max(newest, tenant.clock())
        self.new: dict[Micros, dict[str, object]] = {}  # rows, by their time of adding
        self._unset: dict[str, set[Micros]] = {"first": set(), "last": set()}

    def look_up(self, ids: Iterable[str]) -> None:
        """What is held of these objects."""
        c = objects.c
        for part in in_parts(dict.fromkeys(ids)):
            wanted = sql.select(c.object_id, c.version, c.added, c.contributor).where(
                self._tenant.mine(objects), c.number == self._shelf.number, c.object_id.in_(part)
            )
            for row in self._connection.execute(wanted):  # in no order, which would be had by reading all
                self._remember(row.object_id, row.version, row.added, row.contributor)

    def take(self, one: Admitted) -> str:
        """The version under which an object is held now. Raises Refused."""
        known = self._known.get(one.object_id)
        if known is not None:
            if (same := self._held_already(one, known)) is not None:
                return same
            if known.contributor != self._contributor:
                LOG.warning("%r tried to change an object of %r", self._contributor, known.contributor)
                raise Refused("another partner handed this object in: only they may add a version")
            if len(known.versions) >= VERSIONS:
                raise Refused(f"an object may have up to {VERSIONS:,} versions")
        self._added = Micros(self._added + 1)
        version = self._added if one.version is None else one.version
        text = one.version_text or rfc3339(version)
        self.new[self._added] = {
            "tenant": self._tenant.name,
            "number": self._shelf.number,
            "added": self._added,
            "object_id": one.object_id,
            "version": version,
            "version_text": text,
            "kind": one.kind,
            "level": int(self._shelf.unmarked if one.level is None else one.level),
            "contributor": self._contributor,
            "body": one.body,
        }
        before = known and (known.first, known.last)
        after = self._remember(one.object_id, version, self._added, self._contributor)
        for end, was in zip(("first", "last"), before or (), strict=False):
            if getattr(after, end) != was:
                self._unset[end].add(after.versions[was])
        return text

    def write(self) -> None:
        """Put the rows in, and take from those before them that they were the first or last."""
        c = objects.c
        this = self._tenant.mine(objects) & (c.number == self._shelf.number)
        for end, times in self._unset.items():
            for part in _in_parts(sorted(times - self.new.keys())):
                self._connection.execute(
                    objects.update().where(this, c.added.in_(part)).values(**{end: False})
                )
        if not self.new:
            return
        rows = []
        for row in self.new.values():
            known = self._known[str(row["object_id"])]
            ends = {"first": known.first == row["version"], "last": known.last == row["version"]}
            rows.append(row | ends)
        self._connection.execute(objects.insert(), rows)
        self._connection.execute(collections.update().where(self._this).values(added=self._added))

    def _remember(self, object_id: str, version: Micros, added: Micros, contributor: str) -> _Known:
        known = self._known.get(object_id)
        if known is None:
            known = self._known[object_id] = _Known(contributor, {}, version, version, added)
        known.versions[version] = added
        known.first, known.last = min(known.first, version), max(known.last, version)
        known.latest = max(known.latest, added)
        return known

    def _held_already(self, one: Admitted, known: _Known) -> str | None:
        """The version that says the same already; None where this one is new. Raises Refused."""
        added = known.latest if one.version is None else known.versions.get(one.version)
        if added is None:
            return None
        body, text = self._held(added)
        if _canonical(body) == _canonical(one.body):
            return text
        if one.version is None:
            return None
        raise Refused("this version is held already, with other content")

    def _held(self, added: Micros) -> tuple[bytes, str]:
        if added in self.new:
            row = self.new[added]
            return row["body"], row["version_text"]  # type: ignore[return-value] # as they were put in
        c = objects.c
        wanted = sql.select(c.body, c.version_text).where(
            self._tenant.mine(objects), c.number == self._shelf.number, c.added == added
        )
        found = self._connection.execute(wanted).one()
        return bytes(found.body), found.version_text


def _canonical(body: bytes) -> str:
    return json.dumps(json.loads(body), sort_keys=True)


def _in_parts(times: Sequence[Micros]) -> Iterable[Sequence[Micros]]:
    return (times[at : at + 500] for at in range(0, len(times), 500))


def _keep(tenant: Tenant, connection: Connection, partner: str, asked_at: Micros, status: Status) -> None:
    over = tenant.mine(statuses) & (statuses.c.asked_at < asked_at - KEPT)
    connection.execute(statuses.delete().where(over))
    record = msgspec.json.encode(status).decode()
    row = {"status_id": status.id, "partner": partner, "asked_at": asked_at, "record": record}
    connection.execute(statuses.insert().values(tenant=tenant.name, **row))


def _tell(contributor: str, shelf: Shelf, status: Status) -> None:
    LOG.info(
        "%r added %d of %d objects to %s, request %s",
        contributor,
        status.success_count,
        status.total_count,
        shelf.collection_id,
        status.id,
    )
    reasons = Counter(one.message for one in status.failures)
    for reason, count in reasons.most_common(10):
        LOG.warning("request %s of %r: refused %d: %s", status.id, contributor, count, reason)
