"""Holdings as a graph: entities numbered, holdings cleaned of what no owner can be read from.

- Of holdings of the same share of the same entity by the same owner that stand twice, the largest counts.
- An entity's holding of itself has no other owner: it is taken out, and the others' shares are those of the rest.
- Shares of more than the whole in total are scaled down to it; by how much is kept as not known.
- What is missing to the whole is not known either. An entity of which no holding is recorded has no owner to ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array

from stillwatch.access.ownership.holdings import Facts, Holdings

WHOLE = 1.0
ROUNDING = 1e-6  # six digits of a share are more than registers state
SHOWN = 20  # ids named for each kind of trouble
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Trouble:
    """Something in the input that had to be put right: how often, and some of the entities."""

    what: str
    count: int
    entities: list[str]


@dataclass(frozen=True)
class Graph:
    """`held` has a row for each owned entity and a column for each owner; `holds` is its transpose."""

    ids: pa.Array
    names: pa.Array
    countries: pa.Array
    held: csr_array
    holds: csr_array
    missing: Floats  # share of each entity whose owner is not known
    scaled: Mask  # entities whose shares were of more than the whole
    stated: Mask  # entities of which the facts say something
    trouble: list[Trouble]

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def roots(self) -> Mask:
        """Entities of which no holding is recorded."""
        none: Mask = np.diff(self.held.indptr) == 0
        return none

    def places(self, entities: Sequence[str]) -> list[int | None]:
        """The number of each entity; None where nothing names it."""
        found: list[int | None] = pc.index_in(pa.array(entities, pa.string()), self.ids).to_pylist()
        return found


def build(holdings: Holdings, facts: Facts | None = None) -> Graph:
    """Number the entities and clean the holdings."""
    ids, owner, owned, stated = _numbered(holdings.table, facts)
    share = holdings.table["share"].to_numpy()
    trouble: list[Trouble] = []
    owner, owned, share = _once(owner, owned, share, ids, trouble)
    owner, owned, share = _without_own(owner, owned, share, ids, trouble)
    total = np.bincount(owned, share, minlength=len(ids))
    scaled = total > WHOLE + ROUNDING
    _note(trouble, "shares add to more than the whole; scaled down to it", np.flatnonzero(scaled), ids)
    factor = np.where(total > WHOLE, 1 / np.maximum(total, WHOLE), 1.0)
    share = share * factor[owned]
    has_owner = np.zeros(len(ids), bool)
    has_owner[owned] = True
    missing = np.where(scaled, 1 - factor, np.where(has_owner, np.maximum(WHOLE - total, 0.0), 0.0))
    missing[missing < ROUNDING] = 0.0
    held = _matrix(owned, owner, share, len(ids))
    blank = pa.nulls(len(ids) - (0 if facts is None else len(facts.table)), pa.string())
    columns = [
        blank if facts is None else pa.concat_arrays([*facts.table[name].chunks, blank])
        for name in ("name", "country")
    ]
    if facts is not None:
        _note(trouble, "holdings name an entity without facts", np.flatnonzero(~stated), ids)
    return Graph(ids, columns[0], columns[1], held, held.T.tocsr(), missing, scaled, stated, trouble)


def _numbered(table: pa.Table, facts: Facts | None) -> tuple[pa.Array, Ints, Ints, Mask]:
    """All ids, those of the facts first and in their order; then owner and owned as numbers."""
    first = [] if facts is None else facts.table["id"].chunks
    known = sum(map(len, first))
    whole = pa.chunked_array([*first, *table["owner"].chunks, *table["owned"].chunks], pa.string())
    encoded = whole.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    rows = len(table)
    stated = np.arange(len(encoded.dictionary)) < known
    return encoded.dictionary, codes[known : known + rows], codes[known + rows :], stated


def _once(
    owner: Ints, owned: Ints, share: Floats, ids: pa.Array, trouble: list[Trouble]
) -> tuple[Ints, Ints, Floats]:
    """Holdings in order of owned and owner, each once."""
    key = owned.astype(np.int64) * len(ids) + owner
    order = np.argsort(key, kind="stable")
    key, share = key[order], share[order]
    begins = np.ones(len(key), bool)
    begins[1:] = key[1:] != key[:-1]
    starts = np.flatnonzero(begins)
    if len(starts) < len(key):
        least, most = np.minimum.reduceat(share, starts), np.maximum.reduceat(share, starts)
        often = np.diff(np.append(starts, len(key))) > 1
        entity = (key[starts] // len(ids)).astype(np.int64)
        same = often & (least == most)
        _note(trouble, "a holding stands more than once; counted once", entity[same], ids)
        _note(
            trouble, "a holding stands more than once, with other shares; the largest counts",
            entity[often & ~same], ids,
        )  # fmt: skip
        key, share = key[starts], most
    return (key % len(ids)).astype(np.int32), (key // len(ids)).astype(np.int32), share


def _without_own(
    owner: Ints, owned: Ints, share: Floats, ids: pa.Array, trouble: list[Trouble]
) -> tuple[Ints, Ints, Floats]:
    """Holdings by others, as shares of what an entity does not hold of itself."""
    own = owner == owned
    if not own.any():
        return owner, owned, share
    itself = np.zeros(len(ids))
    itself[owned[own]] = share[own]
    wholly = itself >= WHOLE - ROUNDING
    _note(trouble, "holds shares of itself; taken out", np.flatnonzero((itself > 0) & ~wholly), ids)
    _note(
        trouble, "holds the whole of itself; its owners are not known beyond others' holdings",
        np.flatnonzero(wholly), ids,
    )  # fmt: skip
    itself[wholly] = 0.0
    rest = 1 / (1 - itself)
    return owner[~own], owned[~own], np.minimum(share[~own] * rest[owned[~own]], WHOLE)


def _note(trouble: list[Trouble], what: str, entities: npt.NDArray[np.int64], ids: pa.Array) -> None:
    if len(entities):
        trouble.append(Trouble(what, len(entities), ids.take(pa.array(entities[:SHOWN])).to_pylist()))


def _matrix(rows: Ints, columns: Ints, values: Floats, size: int) -> csr_array:
    """A matrix of holdings that are in order of rows already."""
    starts = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=size), out=starts[1:])
    return csr_array((values, columns, starts), shape=(size, size))
