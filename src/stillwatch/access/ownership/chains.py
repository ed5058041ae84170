"""What explains a verdict: the chain of holdings from an entity up to an owner, and who holds it directly."""

from heapq import heappop, heappush

import msgspec
import numpy as np

from stillwatch.access.ownership.graph import Floats, Graph, Ints, Mask

LONGEST_SEARCH = 20_000  # entities looked at for one chain
HOLDERS = 5  # direct holders named


class Link(msgspec.Struct, frozen=True):
    """One holding of a chain."""

    owner: str
    owned: str
    share: float


class Holder(msgspec.Struct, frozen=True):
    """A direct holder, and how much of its holding counts."""

    owner: str
    share: float
    counted: float


def heaviest(graph: Graph, entity: int, ends: Mask) -> list[Link]:
    """The chain up to one of the `ends` whose shares have the largest product; empty where none was found."""
    starts, owners, held = graph.held.indptr, graph.held.indices, graph.held.data
    waiting: list[tuple[float, int, int]] = [(-1.0, entity, -1)]
    below: dict[int, int] = {}
    while waiting and len(below) < LONGEST_SEARCH:
        share, at, came_from = heappop(waiting)
        if at in below:
            continue
        below[at] = came_from
        if ends[at] and at != entity:
            return _links(graph, at, below)
        for place in range(starts[at], starts[at + 1]):
            owner = int(owners[place])
            if owner not in below:
                heappush(waiting, (share * float(held[place]), owner, at))
    return []


def controlling(graph: Graph, entity: int, joined: Ints) -> list[Link]:
    """The chain along which control came: each time the largest holder that joined before."""
    below, at = {entity: -1}, entity
    while joined[at] > 0:
        first, last = graph.held.indptr[at], graph.held.indptr[at + 1]
        owners, held = graph.held.indices[first:last], graph.held.data[first:last]
        before = (joined[owners] >= 0) & (joined[owners] < joined[at])
        if not before.any():
            return []
        owner = int(owners[before][np.argmax(held[before])])
        below[owner], at = at, owner
    return _links(graph, at, below)


def holders(graph: Graph, entity: int, worth: "Floats | Mask") -> list[Holder]:
    """Direct holders whose holding counts, the largest first; `worth` is how much of each owner's does."""
    first, last = graph.held.indptr[entity], graph.held.indptr[entity + 1]
    owners, held = graph.held.indices[first:last], graph.held.data[first:last]
    counted = held * worth[owners]
    order = np.argsort(-counted, kind="stable")[:HOLDERS]
    return [
        Holder(graph.ids[int(owners[at])].as_py(), float(held[at]), float(counted[at]))
        for at in order.tolist()
        if counted[at] > 0
    ]


def _links(graph: Graph, top: int, below: dict[int, int]) -> list[Link]:
    links = []
    at = top
    while (owned := below[at]) >= 0:
        first, last = graph.held.indptr[owned], graph.held.indptr[owned + 1]
        place = first + int(np.flatnonzero(graph.held.indices[first:last] == at)[0])
        links.append(Link(graph.ids[at].as_py(), graph.ids[owned].as_py(), float(graph.held.data[place])))
        at = owned
    return links
