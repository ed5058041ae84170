"""Part a queue by topic, for operators who give every account topics of its own."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.arrays import Ints

COMMON_WORDS = 400  # words frequent enough to gather items, after the most frequent are left out
TOO_COMMON = 0.05


def pinned(queue: pa.Array, who: Ints) -> Ints:
    """Return an order of the queue in which items of like topic fall to the same account; a permutation of its rows."""
    ranked = np.argsort(_topic(queue), kind="stable")
    order = np.zeros(len(who), dtype=np.int64)
    order[np.argsort(who, kind="stable")] = ranked
    return order


def _topic(queue: pa.Array) -> Ints:
    """For each text the rank of its rarest frequent word: texts that share it are neighbours."""
    words = pc.split_pattern_regex(pc.utf8_lower(queue), r"[^\p{L}]+")
    flat = words.flatten()
    owner = np.repeat(np.arange(len(queue)), pc.list_value_length(words).to_numpy())
    counts = pc.value_counts(flat.filter(pc.greater(pc.utf8_length(flat), 3)))
    number = counts.field("counts").to_numpy()
    frequent = np.flatnonzero(number < max(len(queue) * TOO_COMMON, 2))
    kept = frequent[np.argsort(-number[frequent], kind="stable")[:COMMON_WORDS]]
    place = pc.index_in(flat, counts.field("values").take(pa.array(kept))).fill_null(-1).to_numpy()
    topic = np.full(len(queue), -1, dtype=np.int64)
    np.maximum.at(topic, owner, place)
    return topic
