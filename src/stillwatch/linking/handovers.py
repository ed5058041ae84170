"""Conversations that were handed from account to account, by the ids in their histories: links that need no statistics.

An exchange is a handover where the newest id of its history was minted for another organisation's account, by a
gateway that verified it. What has innocent causes proves nothing, and is left out:

- a history that many go on from, as from a published transcript: an id counts only while one other account alone has
  gone on from it;
- a history that is taken up later, as people do: an id counts for FRESH after it was minted, as programs go on at once;
- one handover alone, as when somebody passes a conversation to a colleague: accounts are one pipeline where no single
  handover holds them together. The handover that follows an account's ban counts twice, since there can be no second.

Ids of the caller's own organisation, and of those allowed to share with it, never come here.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from stillwatch.features.distinct import grouped, rank_within, stable_order
from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR, NEVER, Ledger
from stillwatch.features.observed import Observed
from stillwatch.features.words import mix

FRESH = HOUR  # an agent's turn takes seconds to minutes; people resume a transcript hours or days later
ENOUGH = 2  # handovers that no innocent cause explains
PARTNERS = 16  # accounts on either side of an account that are kept: far more than bind a pipeline together
OVERGROWN = 1.5  # growth since handovers were last dropped at which some are dropped again
LEAST_TIDY = 100_000
_SALT, _OTHER_SALT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


class _Hops(NamedTuple):
    """Handovers by the id they go on from, one row each."""

    text: np.ndarray  # uint64: the id
    owner: np.ndarray  # uint64: handle of the account it was minted for
    heir: np.ndarray  # uint64: handle of the account that went on
    minted: np.ndarray  # int64
    ts: np.ndarray  # int64: when it went on
    forked: np.ndarray  # bool: more than one account went on from it

    def take(self, rows: np.ndarray) -> "_Hops":
        return _Hops(*(column[rows] for column in self))


class _Edges(NamedTuple):
    """Handovers by who handed on and who went on, one row each."""

    owner: np.ndarray
    heir: np.ndarray
    times: np.ndarray  # int64: how often
    latest: np.ndarray  # int64: when the last one went on

    def take(self, rows: np.ndarray) -> "_Edges":
        return _Edges(*(column[rows] for column in self))


class Handovers:
    """Handovers so far. Its size follows accounts, and the handovers of the last hour."""

    def __init__(self) -> None:
        self._handle = PerAccount(np.uint64)
        self._waiting: list[_Hops] = []
        none, zero = np.zeros(0, np.uint64), np.zeros(0, np.int64)
        self._fresh = _Hops(none, none, none, zero, zero, np.zeros(0, bool))
        self._edges = _Edges(none, none, zero, zero)
        self._now = 0
        self._tidy = 0

    def observe(self, batch: Observed) -> None:
        """Note the handovers of a batch."""
        named = np.flatnonzero(batch.handle)
        if not len(named):
            return
        self._handle.upto(batch.accounts)[batch.account[named]] = batch.handle[named]
        self._now = max(self._now, int(batch.ts[named[-1]]))
        age = batch.ts - batch.continued_at
        rows = np.flatnonzero((batch.continued != 0) & (batch.handle != 0) & (age <= FRESH))
        self._waiting.append(
            _Hops(
                batch.continued_id[rows],
                batch.continued[rows],
                batch.handle[rows],
                batch.continued_at[rows],
                batch.ts[rows],
                np.zeros(len(rows), bool),
            )
        )

    def settle(self) -> None:
        """Fold what waits into the handovers; called at the end of every tick, whatever the batches were."""
        if not self._waiting:
            return
        fresh = _by_id([self._fresh, *self._waiting])
        self._waiting = []
        over = fresh.minted + FRESH < self._now
        self._fresh = fresh.take(np.flatnonzero(~over))
        self._edges = _added(self._edges, fresh.take(np.flatnonzero(over & ~fresh.forked)))
        if len(self._edges.owner) > OVERGROWN * max(self._tidy, LEAST_TIDY):
            self._edges = self._edges.take(_partners(self._edges))
            self._tidy = len(self._edges.owner)

    def pipelines(self, ledger: Ledger) -> tuple[np.ndarray, np.ndarray]:
        """Accounts that are one pipeline with others, int64, and the key that those of one pipeline share, uint64."""
        sure = np.flatnonzero(~self._fresh.forked)
        edges = _added(self._edges, self._fresh.take(sure))
        size = len(ledger)
        handle = self._handle.upto(size)
        known = np.flatnonzero(np.isin(handle, np.concatenate([edges.owner, edges.heir])))
        nodes = grouped(np.concatenate([edges.owner, edges.heir, handle[known]]))
        many = len(edges.owner)
        left, right, account = nodes.which[:many], nodes.which[many : 2 * many], nodes.which[2 * many :]
        off = np.full(len(nodes.values), NEVER)
        off[account] = ledger.off_at.upto(size)[known]
        weight = np.where(off[left] <= edges.latest, ENOUGH, edges.times)
        part = _parts(left, right, weight, len(nodes.values))
        held = np.bincount(part[account], minlength=len(nodes.values))
        shared = held[part[account]] > 1
        accounts, parts = known[shared], part[account][shared]
        first = np.full(len(nodes.values), size)
        np.minimum.at(first, parts, accounts)
        return accounts, mix(handle[first[parts]], _SALT) | np.uint64(1)


def _by_id(hops: list[_Hops]) -> _Hops:
    """One row an id, the earliest; forked where it was gone on from by more than one."""
    text, owner, heir, minted, ts, forked = (np.concatenate(column) for column in zip(*hops, strict=True))
    ids = grouped(text)
    first = ids.first
    differs = (heir != heir[first][ids.which]) | forked
    return _Hops(
        ids.values,
        owner[first],
        heir[first],
        minted[first],
        ts[first],
        np.bincount(ids.which, differs, len(first)) > 0,
    )


def _added(edges: _Edges, hops: _Hops) -> _Edges:
    owner = np.concatenate([edges.owner, hops.owner])
    heir = np.concatenate([edges.heir, hops.heir])
    times = np.concatenate([edges.times, np.ones(len(hops.owner), np.int64)])
    latest = np.concatenate([edges.latest, hops.ts])
    if not len(owner):
        return edges
    pairs = grouped(mix(mix(owner, _SALT) ^ heir, _OTHER_SALT))
    first, order = pairs.first, pairs.order
    return _Edges(
        owner[first],
        heir[first],
        np.add.reduceat(times[order], pairs.starts),
        np.maximum.reduceat(latest[order], pairs.starts),
    )


def _partners(edges: _Edges) -> np.ndarray:
    """Rows of the PARTNERS most frequent partners of each account, on either side."""
    kept = np.zeros(len(edges.owner), bool)
    for side in (edges.owner, edges.heir):
        whose = grouped(side).which
        order = np.lexsort((np.arange(len(whose)), -edges.times, whose))
        kept[order[rank_within(whose[order]) < PARTNERS]] = True
    return np.flatnonzero(kept)


def _parts(left: np.ndarray, right: np.ndarray, weight: np.ndarray, nodes: int) -> np.ndarray:
    """Which part each node is of, where a part is what stays whole if any one handover is taken away."""
    apart = left != right
    low, high = np.minimum(left, right)[apart], np.maximum(left, right)[apart]
    pairs = grouped(low * nodes + high)
    low, high = np.divmod(pairs.values, nodes)
    total = np.bincount(pairs.which, weight[apart], len(pairs.values))
    holds = (total >= ENOUGH) | ~_bridges(low, high, nodes)
    _, part = connected_components(
        coo_array((np.ones(int(holds.sum())), (low[holds], high[holds])), (nodes, nodes)), directed=False
    )
    out: np.ndarray = part.astype(np.int64)
    return out


def _bridges(low: np.ndarray, high: np.ndarray, nodes: int) -> np.ndarray:
    """Bool an edge: without it the nodes it joins would be apart.

    Each edge outside a spanning forest gets a random number, which both its ends take. A forest's edge is a bridge
    where the numbers below it cancel out: no edge leads around it. Two edges cancel by chance once in 2^64.
    """
    parent, order = _forest(low, high, nodes)
    in_forest = (parent[low] == high) | (parent[high] == low)
    around = np.flatnonzero(~in_forest)
    number = mix(mix(low[around].astype(np.uint64), _SALT) ^ high[around].astype(np.uint64), _OTHER_SALT)
    below = np.zeros(nodes + 1, np.uint64)
    np.bitwise_xor.at(below, low[around], number)
    np.bitwise_xor.at(below, high[around], number)
    sums: list[int] = below.tolist()
    above: list[int] = parent.tolist()
    for node in reversed(order.tolist()):
        sums[above[node]] ^= sums[node]
    child = np.where(parent[low] == high, low, high)
    out: np.ndarray = in_forest & (np.array(sums, np.uint64)[child] == 0)
    return out


def _forest(low: np.ndarray, high: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """The parent of each node in a spanning forest (`nodes` for a root), and nodes with parents before children."""
    _, part = connected_components(
        coo_array((np.ones(len(low)), (low, high)), (nodes, nodes)), directed=False
    )
    part = part.astype(np.int64)
    order = stable_order(part)
    roots = order[np.append(True, part[order][1:] != part[order][:-1])] if nodes else order
    one, other = np.concatenate([low, np.full(len(roots), nodes)]), np.concatenate([high, roots])
    graph = coo_array((np.ones(len(one)), (one, other)), (nodes + 1, nodes + 1)).tocsr()
    walked, before = breadth_first_order(graph, nodes, directed=False)
    return before[:nodes].astype(np.int64), walked[1:].astype(np.int64)
