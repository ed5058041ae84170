"""Clusters of accounts that one operator may run: seeds from shared pairs of keys, grown, and split where two meet.

Operators buy cards, proxies and clients from the same sellers, so a cluster grown over the whole
population may hold several. Where it falls into two sides that ask for different things, or share next to
nothing, it is two clusters. Clusters that are known are grown anew before others are looked for, so that one
keeps being itself while its accounts come and go.
"""

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from stillwatch.features.distinct import counted, distinct
from stillwatch.linking.composites import Composites, composites, holders_of_both
from stillwatch.linking.cuts import are_two, least_cut
from stillwatch.linking.growth import Membership, grow, settled
from stillwatch.linking.keyring import FAMILIES, KIND_CODE
from stillwatch.linking.keytable import KeyTable

SMALLEST = 5  # accounts of a cluster
SEEDS = 200  # pairs of keys tried at the most, strongest first
EXPLAINED = 0.5  # share of a seed's accounts that already have a cluster
OWN = 0.5  # share of its accounts that no stronger cluster holds, or it is the same cluster found again
SPLIT_FROM = 20  # accounts under which a cluster is not looked into again
DEPTH = 6
JOINING = 0.4  # share of both clusters' accounts that carry the text
RARE = 0.05  # share outside, in proportion
HANDED_ON = KIND_CODE["conversations handed on"]
PROVEN = 8.0  # nats: an id cannot be forged, but an account can be lent
SAME_TEXTS = 0.5  # share of the texts of either cluster that both must carry


class Before(msgspec.Struct, frozen=True):
    """A cluster known before: its accounts, and those whose side it keeps if it falls apart."""

    accounts: np.ndarray
    core: np.ndarray


def find_clusters(table: KeyTable, known: Sequence[Before] = ()) -> list[Membership]:
    """Disjoint clusters: those that continue `known` ones first, then by strength of their seeds."""
    taken = np.zeros(len(table.first_edge) - 1, bool)
    found = []
    for cluster in _kept_together(table, _separate(table, known, composites(table))):
        free = ~taken[cluster.accounts]
        if free.sum() < SMALLEST or free.mean() < OWN:
            continue
        taken[cluster.accounts] = True
        found.append(_part(cluster, free, cluster.carried))
    return _joined(table, found)


def _kept_together(table: KeyTable, clusters: list[Membership]) -> list[Membership]:
    """Accounts that handed conversations on to each other are one cluster, whatever else they share or not.

    A pipeline goes whole to the cluster that has most of it, or becomes one if none has half.
    """
    pipelines = _pipelines(table)
    if not pipelines:
        return clusters
    of = np.full(len(table.first_edge) - 1, -1)  # the pipeline of each account
    for number, holders in enumerate(pipelines):
        of[holders] = number
    sharing: dict[int, list[int]] = {}  # pipelines by their cluster; a number below zero for each without one
    for number, place in enumerate(homes(pipelines, of, clusters)):
        sharing.setdefault(place if place >= 0 else -1 - number, []).append(number)
    found = []
    for place, numbers in sharing.items():
        holders = np.concatenate([pipelines[number] for number in numbers])
        whole = clusters[place] if place >= 0 else grow(table, holders)
        found.append(_with(_without(whole, of, numbers), holders))
    rest = [_without(cluster, of) for place, cluster in enumerate(clusters) if place not in sharing]
    return found + [cluster for cluster in rest if len(cluster.accounts) >= SMALLEST]


def homes(pipelines: list[np.ndarray], of: np.ndarray, clusters: list[Membership]) -> list[int]:
    """The cluster that has most of each pipeline, the first of equal ones; -1 where none has half."""
    many = len(pipelines)
    place = np.repeat(np.arange(len(clusters)), [len(cluster.accounts) for cluster in clusters])
    pipeline = of[np.concatenate([np.zeros(0, np.int64), *(cluster.accounts for cluster in clusters)])]
    pairs, inside = counted((place * many + pipeline)[pipeline >= 0])
    place, pipeline = np.divmod(pairs, many)
    enough = 2 * inside >= np.array([len(holders) for holders in pipelines])[pipeline]
    order = np.lexsort((place, -inside))[::-1]  # of equal assignments the last stands
    order = order[enough[order]]
    out = np.full(many, -1)
    out[pipeline[order]] = place[order]
    return out.tolist()


def _without(cluster: Membership, of: np.ndarray, but: Sequence[int] = ()) -> Membership:
    """A cluster without the accounts of pipelines, but for some."""
    pipeline = of[cluster.accounts]
    return _part(cluster, (pipeline < 0) | np.isin(pipeline, but), cluster.carried)


def _pipelines(table: KeyTable) -> list[np.ndarray]:
    """Accounts of each pipeline that is large enough for a cluster, the largest first."""
    keys = np.flatnonzero((table.kind == HANDED_ON) & (table.degree >= SMALLEST))
    keys = keys[np.lexsort((table.name[keys], -table.degree[keys]))]
    return [
        np.sort(table.account[table.by_key[table.key_start[key] : table.key_start[key + 1]]])
        for key in keys.tolist()
    ]


def _with(cluster: Membership, holders: np.ndarray) -> Membership:
    more = np.setdiff1d(holders, cluster.accounts)
    accounts = np.concatenate([cluster.accounts, more])
    log_odds = np.concatenate([cluster.log_odds, np.full(len(more), PROVEN)])
    log_odds[np.isin(accounts, holders)] = np.maximum(log_odds[np.isin(accounts, holders)], PROVEN)
    order = np.argsort(accounts)
    return Membership(accounts[order], log_odds[order], cluster.names, cluster.carried)


def _part(cluster: Membership, chosen: np.ndarray, carried: int | None) -> Membership:
    return Membership(cluster.accounts[chosen], cluster.log_odds[chosen], cluster.names, carried)


def _joined(table: KeyTable, clusters: list[Membership]) -> list[Membership]:
    """Clusters that carry one text are one: cards and networks changed, what is asked did not."""
    texts = [_texts(table, cluster) for cluster in clusters]
    into = list(range(len(clusters)))
    having: dict[int, list[int]] = {}
    for number, mine in enumerate(texts):
        for other in sorted({other for key in mine for other in having.setdefault(key, [])}):
            pair = clusters[number].accounts, clusters[other].accounts
            if _same_texts(table, mine, texts[other], sum(map(len, pair))) and not are_two(table, *pair):
                into = [into[other] if place == into[number] else place for place in into]
        for key in mine:
            having[key].append(number)
    out = []
    for place in sorted(set(into)):
        parts = [clusters[number] for number, to in enumerate(into) if to == place]
        order = np.argsort(np.concatenate([part.accounts for part in parts]), kind="stable")
        out.append(
            Membership(
                np.concatenate([part.accounts for part in parts])[order],
                np.concatenate([part.log_odds for part in parts])[order],
                distinct(np.concatenate([part.names for part in parts])),
                min((part.carried for part in parts if part.carried is not None), default=None),
            )
        )
    return out


def _texts(table: KeyTable, cluster: Membership) -> dict[int, int]:
    """Keys of texts that many members carry, and how many do."""
    edges, _ = table.edges_of(cluster.accounts)
    edges = edges[np.isin(table.family[table.key[edges]], (FAMILIES.index("text"), FAMILIES.index("flow")))]
    keys, held = counted(table.key[edges])
    chosen = (held >= JOINING * len(cluster.accounts)) & (held >= SMALLEST - 1)
    return dict(zip(keys[chosen].tolist(), held[chosen].tolist(), strict=True))


def _same_texts(table: KeyTable, mine: dict[int, int], others: dict[int, int], accounts: int) -> bool:
    """Most texts of either are texts of both that hardly anybody else carries."""
    everybody = int(table.stratum_size.sum())

    def rare(key: int, held: int) -> bool:
        return bool(table.degree[key] - held <= JOINING * RARE * max(everybody - accounts, 1))

    common = sum(rare(key, held + others[key]) for key, held in mine.items() if key in others)
    either = [
        sum(rare(key, held + others.get(key, 0)) for key, held in mine.items()),
        sum(rare(key, held + mine.get(key, 0)) for key, held in others.items()),
    ]
    return common > 0 and common >= SAME_TEXTS * max(either)


def _separate(table: KeyTable, known: Sequence[Before], seeds: Composites) -> list[Membership]:
    """Clusters that continue known ones, then those that start elsewhere.

    What is cut off a known cluster is the part of another that it touched. It is no cluster yet: it may be of a known one
    whose turn has not come, and else is grown like any other start once all known ones have what is theirs.
    """
    taken = np.zeros(len(table.first_edge) - 1, bool)
    shown = np.diff(table.first_edge) > 0
    found: list[Membership] = []
    cut_off: list[np.ndarray] = []
    for number, before in enumerate(known):
        alive = before.accounts[shown[before.accounts] & ~taken[before.accounts]]
        if len(alive) < SMALLEST:
            continue
        cluster = msgspec.structs.replace(grow(table, alive), carried=number)
        for part in _split(table, cluster, before.core):
            if part.carried is None:
                cut_off.append(part.accounts)
            else:
                taken[part.accounts] = True
                found.append(part)
    for holders in _starts(table, cut_off, seeds, taken):
        cluster = grow(table, holders[~taken[holders]])
        taken[holders] = True
        taken[cluster.accounts] = True
        found += _split(table, cluster, cluster.accounts)
    return found


def outgrown(table: KeyTable, members: np.ndarray, elsewhere: np.ndarray) -> Membership | None:
    """What a cluster that is known comes to when it grows until it settles, without what is not one with it.

    None where growth is led astray: it does not settle, or takes an account that is `elsewhere` (bool [accounts]).
    """
    grown = settled(table, members, elsewhere)
    parts = [] if grown is None else _split(table, msgspec.structs.replace(grown, carried=0), members)
    return next((part for part in parts if part.carried is not None), None)


def _starts(
    table: KeyTable, cut_off: Sequence[np.ndarray], seeds: Composites, taken: np.ndarray
) -> Iterable[np.ndarray]:
    """Accounts from which clusters are grown that continue none, of which half are not `taken` when it is their turn."""
    yield from (accounts for accounts in cut_off if taken[accounts].mean() <= EXPLAINED)
    yield from _holders(table, seeds, taken)


def _holders(table: KeyTable, seeds: Composites, taken: np.ndarray) -> Iterable[np.ndarray]:
    """Accounts of at most SEEDS pairs of keys, strongest first, of which half are not `taken` when it is their turn."""
    tried = 0
    for first, second in zip(seeds.first, seeds.second, strict=True):
        holders = holders_of_both(table, int(first), int(second))
        if taken[holders].mean() <= EXPLAINED:
            yield holders
            tried += 1
        if tried == SEEDS:
            return


def _split(table: KeyTable, cluster: Membership, core: np.ndarray, depth: int = DEPTH) -> list[Membership]:
    """The two clusters that one is if it falls apart, each split again; else the cluster as it is.

    The side with more of the core continues what the cluster continued.
    """
    if len(cluster.accounts) < SMALLEST:
        return []
    if depth == 0 or len(cluster.accounts) < SPLIT_FROM:
        return [cluster]
    side = least_cut(table, cluster.accounts, SMALLEST)
    if side is None:
        return [cluster]
    cored = np.isin(cluster.accounts, core)

    def order(half: np.ndarray) -> tuple[int, int, float]:
        return -int(cored[half].sum()), -int(half.sum()), -float(cluster.log_odds[half].sum())

    same, other = sorted((side, ~side), key=order)
    return [
        *_split(table, _part(cluster, same, cluster.carried), core, depth - 1),
        *_split(table, _part(cluster, other, None), core, depth - 1),
    ]
