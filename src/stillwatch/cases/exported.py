"""The audit as a file: JSON lines of entries, each signed checkpoint after the last entry it covers.

The first line names the log and its public key. Lines have a `type`: `log`, `entry` or `checkpoint`.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
import sqlalchemy as sql

from stillwatch.cases.audit import read_entries, sign
from stillwatch.cases.audit_records import CheckpointLine, EntryLine, Line, LogLine
from stillwatch.cases.checkpoint import origin_of, verifier_key
from stillwatch.cases.entry import Entry
from stillwatch.cases.schema import checkpoints, entries, trees
from stillwatch.cases.store import Tenant


def signed(tenant: Tenant) -> str:
    """A signed checkpoint of the log as it is now."""
    with tenant.writing() as connection:
        return sign(tenant, connection)


def list_entries(tenant: Tenant, *, start: int = 0, limit: int = 100) -> list[Entry]:
    """Entries of the log from a number on."""
    with tenant.reading() as connection:
        return list(islice(read_entries(tenant, connection, start=start), limit))


def news(tenant: Tenant, since: int) -> tuple[int, bool]:
    """How long the log is, and whether entries from `since` on say more than decisions of gateways.

    Two look-ups by key while nothing happens, so that it can be asked every second.
    """
    with tenant.reading() as connection:
        size = connection.execute(sql.select(trees.c.size).where(tenant.mine(trees))).scalar() or 0
        if size <= since:
            return size, False
        changes = sql.select(entries.c.number).where(
            tenant.mine(entries), entries.c.number >= since, entries.c.decision_id.is_(None)
        )
        return size, connection.execute(changes.limit(1)).first() is not None


def export(tenant: Tenant) -> Iterator[bytes]:
    """The lines of the file, the last of which is a checkpoint of the whole log."""
    signed(tenant)
    return (msgspec.json.encode(line) + b"\n" for line in stored_lines(tenant))


def stored_lines(tenant: Tenant) -> Iterator[Line]:
    """The log as one state of the store has it, with the checkpoints of the key that signs now."""
    with tenant.reading() as connection:
        wanted = sql.select(checkpoints.c.size, checkpoints.c.note).where(
            tenant.mine(checkpoints), checkpoints.c.public == tenant.signer.public
        )
        signed = {row.size: row.note for row in connection.execute(wanted.order_by(checkpoints.c.size))}
        origin = origin_of(tenant.name)
        yield LogLine(origin, verifier_key(origin, tenant.signer.public))
        yield from _interleaved(read_entries(tenant, connection), signed)


def _interleaved(found: Iterable[Entry], signed: dict[int, str]) -> Iterator[Line]:
    if 0 in signed:
        yield CheckpointLine(signed.pop(0))
    for seen, entry in enumerate(found, 1):
        yield EntryLine(entry)
        if seen in signed:
            yield CheckpointLine(signed.pop(seen))
    for note in signed.values():  # of entries that are gone
        yield CheckpointLine(note)
