"""Pairs of keys from two families that more accounts share than chance explains: where a cluster may start.

Counting pairs of keys within each account costs a fixed factor of its edges and never pairs accounts, so
a key shared by twenty thousand accounts costs as much as twenty thousand keys of one account each.
"""

import msgspec
import numpy as np

from stillwatch.features.distinct import grouped, rank_within
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
    pairs = grouped(table.key[edges[left]] * len(table.kind) + table.key[edges[right]])
    often = pairs.counts >= SMALLEST
    accounts = pairs.counts[often]
    rows = pairs.order[np.repeat(often, pairs.counts)]
    chance = _chance(
        table, edges[left[rows]], edges[right[rows]], np.repeat(np.arange(len(accounts)), accounts)
    )
    evidence = accounts * np.log(np.maximum(accounts / chance, 1.0)) - np.maximum(accounts - chance, 0.0)
    tested = len(pairs.values)
    chosen = np.flatnonzero((accounts >= LIFT * chance) & (evidence > np.log(max(tested, 1))))
    first, second = np.divmod(pairs.values[often], len(table.kind))
    chosen = chosen[np.lexsort((first[chosen], -evidence[chosen]))]
    return Composites(
        first[chosen], second[chosen], accounts[chosen], chance[chosen], evidence[chosen], tested
    )


def _chance(table: KeyTable, left: np.ndarray, right: np.ndarray, pair: np.ndarray) -> np.ndarray:
    """Accounts that would hold both keys of each pair by chance, summed over strata that have such accounts."""
    places = grouped(pair * len(table.stratum_size) + table.stratum[table.account[left]])
    one = places.first
    stratum = table.stratum[table.account[left[one]]]
    return np.bincount(pair[one], _expected(table, left[one], right[one], stratum))


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
    commonness = np.empty(len(table.kind), np.int64)
    commonness[np.lexsort((table.name, table.degree))] = np.arange(len(table.kind))
    order = np.argsort(major * len(table.kind) + commonness[table.key[shared]])
    return shared[np.sort(order[rank_within(major[order]) < KEYS_OF_A_FAMILY])]


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
