"""Cascading control: a holding of an owner that meets the threshold counts whole, one below it counts nothing.

The least fixed point, from the listed owners outwards: an entity joins when those who joined before it hold enough of
it together. A ring cannot lift itself, since its members join only by holdings of those who have.
"""

from typing import NamedTuple

import numpy as np

from stillwatch.access.ownership.graph import Floats, Graph, Ints, Mask
from stillwatch.access.ownership.threshold import Threshold

FEW = 64  # holdings of a round that are walked one by one


class Controlled(NamedTuple):
    """`share` that those who joined hold of each entity, and the round in which it joined: 0 listed, -1 never."""

    share: Floats
    joined: Ints


def controlled(graph: Graph, listed: Mask, threshold: Threshold, unseen: Floats | None = None) -> Controlled:
    """Who is controlled by the listed together; `unseen` shares count as theirs where they are given."""
    share = np.zeros(graph.size) if unseen is None else unseen.copy()
    joined = np.where(listed, 0, -1).astype(np.int32)
    if unseen is not None:
        joined[~listed & threshold.met_by(share)] = 1
    frontier = np.flatnonzero(joined >= 0).astype(np.int32)
    number = 1 if unseen is None else 2
    starts, owned, held = graph.holds.indptr, graph.holds.indices, graph.holds.data
    while len(frontier):
        first, last = starts[frontier], starts[frontier + 1]
        if int((last - first).sum()) <= FEW:
            touched = _one_by_one(first.tolist(), last.tolist(), owned, held, share)
        else:
            at = _ranges(first, last)
            np.add.at(share, owned[at], held[at])
            touched = np.unique(owned[at])
        frontier = touched[(joined[touched] < 0) & threshold.met_by(share[touched])]
        joined[frontier] = number
        number += 1
    return Controlled(np.minimum(share, 1.0), joined)


def _one_by_one(first: list[int], last: list[int], owned: Ints, held: Floats, share: Floats) -> Ints:
    touched = set()
    for begin, end in zip(first, last, strict=True):
        for at in range(begin, end):
            entity = int(owned[at])
            share[entity] += held[at]
            touched.add(entity)
    return np.array(sorted(touched), np.int32)


def _ranges(first: Ints, last: Ints) -> Ints:
    """All numbers of some ranges, one range after the other."""
    lengths = last - first
    ends = np.cumsum(lengths)
    numbers: Ints = (np.arange(ends[-1]) + np.repeat(first - (ends - lengths), lengths)).astype(np.int32)
    return numbers
