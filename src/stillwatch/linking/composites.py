"""Pairs of keys from two families that more accounts share than chance explains: where a cluster may start.

Counting pairs of keys within each account costs a fixed factor of its edges and never pairs accounts, so
a key shared by twenty thousand accounts costs as much as twenty thousand keys of one account each.
"""

import msgspec
import numpy as np

from stillwatch.features.words import mix
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.keytable import KeyTable

SMALLEST = 4  # accounts a pair of keys must join
SHRINKAGE = 150.0  # accounts of the whole population that count beside a stratum's own
LIFT = 6.0  # times more often than chance
KEYS_OF_A_FAMILY = 5  # of an account that take part, the rarest shared ones first
ANCHORS = frozenset(
    {"money", "onboarding", "flow"}
)  # software and place together have one innocent cause: a product


class Composites(msgspec.Struct, frozen=True):
    """Pairs of keys with the accounts that hold both, strongest first."""

    first: np.ndarray  # int64 [n] key
    second: np.ndarray  # int64 [n] key
    accounts: np.ndarray  # int64 [n] that hold both
    expected: np.ndarray  # float64 [n] if keys were independent within strata
    evidence: np.ndarray  # float64 [n] log likelihood ratio, Poisson
    tested: int  # pairs that were looked at: the price of having searched


def composites(table: KeyTable) -> Composites:
    """All pairs of keys of different families, one of them an anchor, that stand out of chance."""
    edges = _candidate_edges(table)
    left, right = _pairs_within_accounts(table, edges)
    stratum = table.stratum[table.account[edges[left]]]
    a, b = table.key[edges[left]], table.key[edges[right]]
    pair = mix(
        a.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + b.astype(np.uint64),
        np.uint64(0xFF51AFD7ED558CCD),
    )
    place = mix(pair + stratum.astype(np.uint64), np.uint64(0xC4CEB9FE1A85EC53))
    _, first, joint = np.unique(place, return_index=True, return_counts=True)
    expected = _expected(table, edges[left[first]], edges[right[first]], stratum[first])
    _, at, which = np.unique(pair[first], return_index=True, return_inverse=True)
    accounts = np.bincount(which, joint)
    chance = np.bincount(which, expected)
    evidence = accounts * np.log(np.maximum(accounts / chance, 1.0)) - np.maximum(accounts - chance, 0.0)
    stands_out = (accounts >= SMALLEST) & (accounts >= LIFT * chance) & (evidence > np.log(max(len(at), 1)))
    chosen = np.flatnonzero(stands_out)
    chosen = chosen[np.lexsort((a[first][at][chosen], -evidence[chosen]))]
    key_a, key_b = a[first][at][chosen], b[first][at][chosen]
    return Composites(
        key_a, key_b, accounts[chosen].astype(np.int64), chance[chosen], evidence[chosen], len(at)
    )


def _expected(table: KeyTable, left: np.ndarray, right: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Accounts of a stratum that would hold both keys by chance.

    The rate of the second key in the stratum is shrunk towards its rate everywhere, so that a campaign
    that fills a small stratum does not become its own explanation.
    """
    size = table.stratum_size[stratum]
    holders = table.cell_degree[table.cell[left]]
    everywhere = table.degree[table.key[right]] / table.stratum_size.sum()
    rate = (table.cell_degree[table.cell[right]] + SHRINKAGE * everywhere) / (size + SHRINKAGE)
    out: np.ndarray = holders * rate
    return out


def _candidate_edges(table: KeyTable) -> np.ndarray:
    """Edges to keys with enough holders, for each account and family the rarest keys."""
    shared = np.flatnonzero(table.degree[table.key] >= SMALLEST)
    family = table.family[table.key[shared]]
    major = table.account[shared] * len(FAMILIES) + family
    order = np.lexsort((table.name[table.key[shared]], table.degree[table.key[shared]], major))
    starts = np.flatnonzero(np.append(True, major[order][1:] != major[order][:-1]))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return shared[np.sort(order[rank < KEYS_OF_A_FAMILY])]


def _pairs_within_accounts(table: KeyTable, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions in `edges` of all pairs of one account whose families differ and of which one is an anchor."""
    account = table.account[edges]
    anchored = np.isin(np.array(FAMILIES), list(ANCHORS))
    family = table.family[table.key[edges]]
    lefts, rights = [], []
    step = 1
    while step < len(edges):
        near = np.flatnonzero(account[step:] == account[:-step])
        if not near.size:
            break
        far = near + step
        useful = (family[near] != family[far]) & (anchored[family[near]] | anchored[family[far]])
        swap = table.key[edges[near]] > table.key[edges[far]]
        lefts.append(np.where(swap, far, near)[useful])
        rights.append(np.where(swap, near, far)[useful])
        step += 1
    if not lefts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(lefts), np.concatenate(rights)


def holders_of_both(table: KeyTable, first: int, second: int) -> np.ndarray:
    """Accounts that hold both keys, ascending."""
    one = table.account[table.by_key[table.key_start[first] : table.key_start[first + 1]]]
    two = table.account[table.by_key[table.key_start[second] : table.key_start[second + 1]]]
    return np.intersect1d(one, two, assume_unique=True)
