"""The audit of a tenant: an append-only Merkle log in the store, with signed checkpoints and proofs.

Beside the leaves the log keeps every subtree of 256, 65,536, … leaves that is complete, as tiles do. Appending
needs the roots of complete subtrees alone; a proof reads a few hundred hashes, however long the log is.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection

from stillwatch.cases.audit_records import Inclusion
from stillwatch.cases.checkpoint import Checkpoint, origin_of, verifier_key
from stillwatch.cases.entry import Draft, Entry, Item, seal
from stillwatch.cases.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    split,
)
from stillwatch.cases.schema import checkpoints, entries, items, nodes, trees
from stillwatch.cases.store import Tenant
from stillwatch.records import NotThere, StillwatchError, UsageError

HASH = 32
TILE = 8  # levels between the subtrees that are kept
KEPT_EVERY = 1024  # entries: of the checkpoints signed within so many, the last is kept
PAGE = 2048  # entries read at once


def append_many(tenant: Tenant, connection: Connection, drafts: Iterable[Draft]) -> list[int]:
    """Write entries within a transaction of `tenant.writing()`, and sign the log; returns their numbers."""
    tree = _tree(tenant, connection)
    first, ts = tree.size, tenant.clock()
    leaves: list[dict[str, object]] = []
    personal: list[dict[str, object]] = []
    whole: list[dict[str, object]] = []

    def completed(level: int, position: int, node: bytes) -> None:
        if level % TILE == 0:
            whole.append({"tenant": tenant.name, "level": level, "position": position, "hash": node})

    for draft in drafts:
        leaf, parts = seal(draft, ts)
        row: dict[str, object] = {"tenant": tenant.name, "number": tree.size}
        hashed = leaf_hash(leaf.encode())
        said = {"case_id": draft.case_id, "decision_id": draft.decision_id, "leaf": leaf, "hash": hashed}
        leaves.append(row | said)
        personal += [
            row | {"position": at, "account_id": account} | msgspec.structs.asdict(item)
            for at, (account, item) in enumerate(parts)
        ]
        tree.append(hashed, completed)
    for table, rows in ((entries, leaves), (items, personal), (nodes, whole)):
        if rows:
            connection.execute(table.insert(), rows)
    connection.execute(
        trees.update().where(tenant.mine(trees)).values(size=tree.size, peaks=b"".join(tree.peaks))
    )
    if tree.size > first:
        _sign(tenant, connection, tree)
    return list(range(first, tree.size))


def sign(tenant: Tenant, connection: Connection) -> str:
    """The signed checkpoint of the log as it is now, made unless it is there."""
    tree = _tree(tenant, connection)
    known = connection.execute(
        sql.select(checkpoints.c.note).where(
            tenant.mine(checkpoints),
            checkpoints.c.size == tree.size,
            checkpoints.c.public == tenant.signer.public,
        )
    ).scalar()
    return known or _sign(tenant, connection, tree)


def prove(tenant: Tenant, connection: Connection, number: int) -> Inclusion:
    """The inclusion proof of an entry against a fresh checkpoint."""
    note = sign(tenant, connection)
    size = _tree(tenant, connection).size
    if not 0 <= number < size:
        raise NotThere(f"the audit has no entry {number}; it has {size}")
    proof = inclusion_proof(number, size, _Stored(tenant, connection).subtree)
    return Inclusion(
        number=number,
        size=size,
        hashes=[b64encode(one).decode() for one in proof],
        checkpoint=note,
        public_key=verifier_key(origin_of(tenant.name), tenant.signer.public),
    )


def prove_consistency(tenant: Tenant, connection: Connection, old: int, size: int) -> list[bytes]:
    """What shows that the log of `size` entries begins with that of `old`."""
    now = _tree(tenant, connection).size
    if not 0 <= old <= size <= now:
        raise UsageError(f"the audit has {now} entries: there is no proof from {old} to {size}")
    return consistency_proof(old, size, _Stored(tenant, connection).subtree)


def read_entries(
    tenant: Tenant,
    connection: Connection,
    condition: sql.ColumnElement[bool] | None = None,
    *,
    start: int = 0,
) -> Iterator[Entry]:
    """Entries in order, with what is left of their personal parts."""
    while True:
        wanted = sql.select(entries.c.number, entries.c.leaf, entries.c.hash).where(
            tenant.mine(entries), entries.c.number >= start, *([] if condition is None else [condition])
        )
        rows = connection.execute(wanted.order_by(entries.c.number).limit(PAGE)).all()
        if not rows:
            return
        parts = _items(tenant, connection, [row.number for row in rows])
        for row in rows:
            yield Entry(
                number=row.number, leaf=row.leaf, hash=bytes(row.hash).hex(), items=parts.get(row.number, [])
            )
        start = rows[-1].number + 1


def _items(tenant: Tenant, connection: Connection, numbers: Sequence[int]) -> dict[int, list[Item]]:
    out: dict[int, list[Item]] = {}
    wanted = sql.select(items).where(tenant.mine(items), items.c.number.in_(numbers))
    for row in connection.execute(wanted.order_by(items.c.number, items.c.position)):
        item = Item(commitment=row.commitment, salt=row.salt, content=row.content)
        out.setdefault(row.number, []).append(item)
    return out


def _tree(tenant: Tenant, connection: Connection) -> Frontier:
    """The tree as it stands; within `tenant.writing()` nobody else adds to it."""
    row = connection.execute(sql.select(trees.c.size, trees.c.peaks).where(tenant.mine(trees))).first()
    if row is None:
        return Frontier()
    peaks = bytes(row.peaks)
    return Frontier(row.size, [peaks[at : at + HASH] for at in range(0, len(peaks), HASH)])


def _sign(tenant: Tenant, connection: Connection, tree: Frontier) -> str:
    """Sign the log, and keep of the checkpoints of each KEPT_EVERY entries the last."""
    note = tenant.signer.sign(Checkpoint(origin_of(tenant.name), tree.size, tree.root()))
    start = tree.size - tree.size % KEPT_EVERY
    connection.execute(checkpoints.delete().where(tenant.mine(checkpoints), checkpoints.c.size >= start))
    connection.execute(
        checkpoints.insert().values(
            tenant=tenant.name,
            size=tree.size,
            ts=tenant.clock(),
            public=tenant.signer.public,
            note=note,
        )
    )
    return note


class _Stored:
    """Subtrees of the log in the store, from the tiles that are kept."""

    def __init__(self, tenant: Tenant, connection: Connection) -> None:
        self._tenant = tenant
        self._connection = connection

    def subtree(self, start: int, end: int) -> bytes:
        """The root over leaves [start, end): complete tiles of the largest kind that fits, then what is left."""
        width = end - start
        if width <= 1 << TILE:
            return root_of(self._hashes(0, start, end))
        level = ((width.bit_length() - 1) // TILE) * TILE
        if width & (width - 1) == 0:  # complete: made of whole tiles of this level
            return root_of_complete(self._hashes(level, start >> level, end >> level))
        middle = start + split(width)
        return node_hash(self.subtree(start, middle), self.subtree(middle, end))

    def _hashes(self, level: int, start: int, end: int) -> list[bytes]:
        table, position = (nodes, nodes.c.position) if level else (entries, entries.c.number)
        wanted = sql.select(table.c.hash).where(
            self._tenant.mine(table),
            position >= start,
            position < end,
            *([nodes.c.level == level] if level else []),
        )
        found = [bytes(row.hash) for row in self._connection.execute(wanted.order_by(position))]
        if len(found) != end - start:
            raise StillwatchError(f"the audit lacks entries between {start << level} and {end << level}")
        return found


def root_of_complete(hashes: list[bytes]) -> bytes:
    """The root over subtrees of one size, a power of two of them."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
