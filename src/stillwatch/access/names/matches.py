"""Customers against lists, as rows: who may be which entry, under which name, how probably, and what agrees."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.names.screen import LIKELY, Screen, Word
from stillwatch.access.names.spelling import Kind


class Match(msgspec.Struct, frozen=True):
    """One customer and one entry; `listed` is that of the entry's names which fits best."""

    customer: str
    name: str
    source: str
    entry: str
    listed: str
    kind: str
    probability: float
    words: list[Word]


@dataclass(frozen=True)
class Customers:
    """Ids, names, and kinds where they are known."""

    ids: Sequence[str]
    names: Sequence[str]
    kinds: Sequence[Kind]


def match(
    listed: pa.Table, customers: Customers, *, likely: float = LIKELY, prior: float | None = None
) -> list[Match]:
    """Matches, the most probable first; of an entry's names, and of rows that say the same, each once."""
    names, entry = _names(listed)
    kinds: list[Kind] = listed["kind"].take(entry).to_pylist()
    screen = Screen(names.to_pylist(), customers.names, listed_kind=kinds, asked_kind=customers.kinds)
    found = screen.spellings(likely, prior)
    rows = screen.rows(found)
    order = np.lexsort((-rows.probability, rows.asked, entry.to_numpy()[rows.listed]))
    one, other, probability = rows.listed[order], rows.asked[order], rows.probability[order]
    which = entry.to_numpy()[one]
    first = np.ones(len(which), bool)
    first[1:] = (which[1:] != which[:-1]) | (other[1:] != other[:-1])
    kept = np.flatnonzero(first)
    kept = kept[np.argsort(-probability[kept], kind="stable")]
    one, other, which = one[kept], other[kept], which[kept]
    words = screen.words(screen.listed.row[one], screen.asked.row[other])
    shown = {name: listed[name].take(pa.array(which)).to_pylist() for name in ("source", "entry", "kind")}
    return [
        Match(
            customers.ids[asked], customers.names[asked], shown["source"][at], shown["entry"][at], listed_name,
            shown["kind"][at], round(float(probability[kept[at]]), 4), words[at],
        )
        for at, (asked, listed_name) in enumerate(zip(other.tolist(), names.take(pa.array(one)).to_pylist(), strict=True))
    ]  # fmt: skip


def _names(listed: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Every name of every entry, and the entry of each."""
    aliases = listed["aliases"].combine_chunks()
    owners = pc.list_parent_indices(aliases)
    own = pa.array(np.arange(len(listed)))
    names = pa.concat_arrays([*listed["name"].chunks, pc.list_flatten(aliases)])
    return names, pa.concat_arrays([own, owners.cast(pa.int64())])
