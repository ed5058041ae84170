"""Clusters of accounts that one operator may run: seeds from shared pairs of keys, grown, and split where two meet.

Operators buy cards, proxies and clients from the same sellers, so a cluster grown over the whole
population may hold several. Inside it what the sellers' customers share is common and says nothing
any more; pairs of keys that stand out there belong to one operator each.
"""

import numpy as np

from stillwatch.linking.composites import Composites, composites, holders_of_both
from stillwatch.linking.growth import Membership, grow
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.keytable import KeyTable, restricted

SMALLEST = 5  # accounts of a cluster
SEEDS = 200  # pairs of keys tried at the most, strongest first
EXPLAINED = 0.5  # share of a seed's accounts that already have a cluster
OWN = 0.5  # share of its accounts that no stronger cluster holds, or it is the same cluster found again
SPLIT_FROM = 20  # accounts under which a cluster is not looked into again
DEPTH = 3
JOINING = 0.4  # share of both clusters' accounts that carry the text
RARE = 0.05  # share outside, in proportion
SAME_TEXTS = 0.5  # share of the texts of either cluster that both must carry
OWN_WORK = 0.75  # share of a part's accounts with its own text, and with its own tools, together
ELSEWHERE = 3.0  # how much a share among the cluster's other accounts counts against that
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
        found.append(Membership(cluster.accounts[free], cluster.log_odds[free], cluster.names))
    return _joined(table, found)


def _joined(table: KeyTable, clusters: list[Membership]) -> list[Membership]:
    """Clusters that carry one text are one: cards and networks changed, what is asked did not."""
    texts = [_own_texts(table, cluster) for cluster in clusters]
    into = list(range(len(clusters)))
    having: dict[int, list[int]] = {}
    for number, mine in enumerate(texts):
        near = {other for name in mine for other in having.setdefault(name, [])}
        for other in sorted(near):
            common = len(mine & texts[other])
            if common >= SAME_TEXTS * max(len(mine), len(texts[other])):
                into = [into[other] if place == into[number] else place for place in into]
        for name in mine:
            having[name].append(number)
    out = []
    for place in sorted(set(into)):
        parts = [clusters[number] for number, to in enumerate(into) if to == place]
        order = np.argsort(np.concatenate([part.accounts for part in parts]), kind="stable")
        out.append(
            Membership(
                np.concatenate([part.accounts for part in parts])[order],
                np.concatenate([part.log_odds for part in parts])[order],
                np.unique(np.concatenate([part.names for part in parts])),
            )
        )
    return out


def _own_texts(table: KeyTable, cluster: Membership) -> set[int]:
    """Names of texts that many members carry and hardly anybody outside does."""
    edges, _ = table.edges_of(cluster.accounts)
    edges = edges[np.isin(table.family[table.key[edges]], (FAMILIES.index("text"), FAMILIES.index("flow")))]
    keys, held = np.unique(table.key[edges], return_counts=True)
    inside = held / len(cluster.accounts)
    outside = (table.degree[keys] - held) / max(int(table.stratum_size.sum()) - len(cluster.accounts), 1)
    chosen = (inside >= JOINING) & (outside <= JOINING * RARE) & (held >= SMALLEST - 1)
    return {int(name) for name in table.name[keys[chosen]]}


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
    """Parts of a cluster that have something of their own to say, and the rest; or the cluster as it is."""
    if len(cluster.accounts) < SMALLEST:
        return []
    if depth == 0 or len(cluster.accounts) < SPLIT_FROM:
        return [cluster]
    inner = restricted(whole, cluster.accounts)
    parts = _separate(whole, inner, composites(inner, INNER_LIFT, frozenset(FAMILIES)), depth - 1)
    own = [part for part in parts if _has_its_own(inner, part.accounts, len(cluster.accounts))]
    rest = ~np.isin(cluster.accounts, np.concatenate([part.accounts for part in own])) if own else None
    if rest is None or (len(own) == 1 and rest.sum() < SMALLEST):
        return [cluster]
    remainder = Membership(cluster.accounts[rest], cluster.log_odds[rest], cluster.names)
    return own + _split(whole, remainder, depth - 1)


def _has_its_own(inner: KeyTable, part: np.ndarray, everyone: int) -> bool:
    """The part's accounts share a text, or tools and settings, that hardly any other account of the cluster has.

    Cards, networks and sign-ups an operator buys by the lot; what it asks the model for, and with what, it
    deals out over all of them.
    """
    edges, _ = inner.edges_of(part)
    keys, held = np.unique(inner.key[edges], return_counts=True)
    inside = held / len(part)
    outside = (inner.degree[keys] - held) / max(everyone - len(part), 1)
    own = inside - ELSEWHERE * outside
    asked = [
        own[inner.family[keys] == FAMILIES.index(name)].max(initial=0.0) for name in ("text", "software")
    ]
    return bool(sum(asked) >= OWN_WORK)
