"""The largest share of any one listed owner, in both readings; only where all of them together would do.

Each listed owner from whom such an entity can be reached is followed alone, on the entities between both.
"""

from typing import NamedTuple

import numpy as np

from stillwatch.access.ownership.graph import Floats, Graph, Ints, Mask
from stillwatch.access.ownership.linear import reached, solve
from stillwatch.access.ownership.threshold import Threshold


class Largest(NamedTuple):
    """The largest share, and the number of its owner; -1 where no one was followed."""

    share: Floats
    owner: Ints


def largest_product(graph: Graph, listed: Mask, candidates: Mask) -> Largest:
    between = np.zeros(graph.size, bool)
    between[reached(graph.held, candidates)] = True
    best = Largest(np.zeros(graph.size), np.full(graph.size, -1, np.int32))
    for owner in np.flatnonzero(between & listed):
        begin = np.zeros(graph.size, bool)
        begin[owner] = True
        below = reached(graph.holds, begin)
        below = below[between[below]]
        fixed = below == owner
        share = solve(graph.held[below][:, below], fixed, fixed.astype(float)).value
        more = (share > best.share[below]) & ~fixed
        best.share[below[more]] = share[more]
        best.owner[below[more]] = owner
    return best


def largest_control(graph: Graph, listed: Mask, candidates: Mask, threshold: Threshold) -> Largest:
    between = np.zeros(graph.size, bool)
    between[reached(graph.held, candidates)] = True
    best = Largest(np.zeros(graph.size), np.full(graph.size, -1, np.int32))
    for owner in np.flatnonzero(between & listed).tolist():
        for entity, share in controlled_by(graph, owner, threshold).items():
            if share > best.share[entity]:
                best.share[entity], best.owner[entity] = share, owner
    return best


def controlled_by(graph: Graph, owner: int, threshold: Threshold) -> dict[int, float]:
    """What one owner and those it controls hold of each entity."""
    starts, owned, held = graph.holds.indptr, graph.holds.indices, graph.holds.data
    share: dict[int, float] = {}
    joined, waiting = {owner}, [owner]
    while waiting:
        holder = waiting.pop()
        for at in range(starts[holder], starts[holder + 1]):
            entity = int(owned[at])
            share[entity] = share.get(entity, 0.0) + float(held[at])
            if entity not in joined and threshold.met_by(share[entity]):
                joined.add(entity)
                waiting.append(entity)
    share.pop(owner, None)
    return share
