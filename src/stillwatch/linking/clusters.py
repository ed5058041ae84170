"""Clusters of accounts that one operator may run: seeds from shared pairs of keys, grown, and split where two meet.

Operators buy cards, proxies and clients from the same sellers, so a cluster grown over the whole
population may hold several. Inside it what the sellers' customers share is common and says nothing
any more; pairs of keys that stand out there belong to one operator each.
"""

import numpy as np

from stillwatch.linking.composites import Composites, composites, holders_of_both
from stillwatch.linking.growth import Membership, grow
from stillwatch.linking.keytable import KeyTable, restricted

SMALLEST = 5  # accounts of a cluster
SEEDS = 200  # pairs of keys tried at the most, strongest first
EXPLAINED = 0.5  # share of a seed's accounts that already have a cluster
OWN = 0.5  # share of its accounts that no stronger cluster holds, or it is the same cluster found again
SPLIT_FROM = 20  # accounts under which a cluster is not looked into again
DEPTH = 3
INNER_LIFT = 2.0


def find_clusters(table: KeyTable) -> list[Membership]:
    """Disjoint clusters, those with the strongest seeds first."""
    taken = np.zeros(len(table.first_edge) - 1, bool)
    found = []
    for cluster in _separate(table, table, composites(table), DEPTH):
        free = ~taken[cluster.accounts]
        if free.sum() < SMALLEST or free.mean() < OWN:
            continue
        taken[cluster.accounts] = True
        found.append(
            Membership(cluster.accounts[free], cluster.log_odds[free], cluster.names, cluster.weights)
        )
    return found


def _separate(whole: KeyTable, table: KeyTable, seeds: Composites, depth: int) -> list[Membership]:
    taken = np.zeros(len(table.first_edge) - 1, bool)
    found: list[Membership] = []
    tried = 0
    for first, second in zip(seeds.first, seeds.second, strict=True):
        holders = holders_of_both(table, int(first), int(second))
        if taken[holders].mean() > EXPLAINED:
            continue
        if tried == SEEDS:
            break
        tried += 1
        cluster = grow(table, holders[~taken[holders]])
        taken[holders] = True
        taken[cluster.accounts] = True
        found += _split(whole, cluster, depth)
    return found


def _split(whole: KeyTable, cluster: Membership, depth: int) -> list[Membership]:
    if len(cluster.accounts) < SMALLEST:
        return []
    if depth == 0 or len(cluster.accounts) < SPLIT_FROM:
        return [cluster]
    inner = restricted(whole, cluster.accounts)
    parts = _separate(whole, inner, composites(inner, INNER_LIFT), depth - 1)
    return parts if len(parts) > 1 else [cluster]
