"""The provider's own benign groups: what any statistic looks like where nobody runs the accounts together.

Every population has natural cohorts with one innocent cause each: one issuer, one sign-up window, one
harness, one network. They carry the same dependences as the cluster under test, which random sets of
accounts do not. What campaigns among them there are makes the test stricter, not looser.
"""

import msgspec
import numpy as np

from stillwatch.features.groups import Groups
from stillwatch.features.words import mix
from stillwatch.linking.keytable import KeyTable

SMALLEST = 8  # accounts
LARGEST = 120  # accounts taken of a cohort
COHORTS_OF_A_KIND = 40
TAINTED = 0.3  # share of suspects above which a cohort tells nothing about benign groups
_ORDER = np.uint64(0x9E3779B97F4A7C15)


class Reference(msgspec.Struct, frozen=True):
    """Natural cohorts and the family of keys that made each."""

    groups: Groups
    family: np.ndarray  # int64 [groups]


def reference_groups(table: KeyTable, suspects: np.ndarray) -> Reference:
    """Cohorts by a single key, at most COHORTS_OF_A_KIND of each kind, chosen and cut by keyed hash."""
    suspect_edges = suspects[table.account]
    tainted = np.bincount(table.key[suspect_edges], minlength=len(table.kind)) > TAINTED * table.degree
    usable = np.flatnonzero((table.degree >= SMALLEST) & ~tainted)
    order = np.lexsort((mix(table.name[usable], _ORDER), table.kind[usable]))
    kinds = table.kind[usable][order]
    starts = np.flatnonzero(np.append(True, kinds[1:] != kinds[:-1]))[: len(kinds)]
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    keys = np.sort(usable[order[rank < COHORTS_OF_A_KIND]])
    sets = []
    for key in keys:
        holders = table.account[table.by_key[table.key_start[key] : table.key_start[key + 1]]]
        holders = holders[~suspects[holders]]
        if len(holders) > LARGEST:
            spread = mix(holders.astype(np.uint64) + table.name[key], _ORDER)
            holders = np.sort(holders[np.argsort(spread, kind="stable")[:LARGEST]])
        sets.append(holders)
    return Reference(Groups.of(sets), table.family[keys])
