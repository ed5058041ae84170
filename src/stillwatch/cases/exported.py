"""The audit as a file: JSON lines of entries, each signed checkpoint after the last entry it covers.

The first line names the log and its public key. Lines have a `type`: `log`, `entry` or `checkpoint`.
"""

from collections.abc import Iterable, Iterator

import msgspec
import sqlalchemy as sql

from stillwatch.cases.audit import read_entries, sign
from stillwatch.cases.audit_records import CheckpointLine, EntryLine, Line, LogLine
from stillwatch.cases.checkpoint import origin_of, verifier_key
from stillwatch.cases.entry import Entry
from stillwatch.cases.schema import checkpoints
from stillwatch.cases.store import Tenant


def signed(tenant: Tenant) -> str:
    """A signed checkpoint of the log as it is now."""
    with tenant.writing() as connection:
        return sign(tenant, connection)


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
