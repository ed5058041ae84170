"""The provider's own benign groups: what any statistic looks like where nobody runs the accounts together.

Every population has natural cohorts with one innocent cause each: one issuer, one sign-up window, one
harness, one network. They carry the same dependences as the cluster under test, which random sets of
accounts do not. What campaigns among them there are makes the test stricter, not looser.
"""

from collections.abc import Mapping

import msgspec
import numpy as np

from stillwatch.detectors import Detector
from stillwatch.features.groups import Groups
from stillwatch.features.words import mix
from stillwatch.linking.keytable import KeyTable
from stillwatch.linking.scene import Scene

SMALLEST = 8  # accounts
LARGEST = 120  # accounts taken of a cohort
COHORTS_OF_A_KIND = 40
TAINTED = 0.3  # share of suspects above which a cohort tells nothing about benign groups
_ORDER = np.uint64(0x9E3779B97F4A7C15)


class Reference(msgspec.Struct, frozen=True):
    """Natural cohorts and the family of keys that made each."""

    groups: Groups
    family: np.ndarray  # int64 [groups]


class Known(msgspec.Struct, frozen=True):
    """What detectors measured of the natural groups of a log known to hold no campaign."""

    value: dict[str, np.ndarray]  # by detector id
    error: dict[str, np.ndarray]
    family: np.ndarray


def known_groups(detectors: Mapping[str, Detector], scene: Scene) -> Known:
    """Measure the natural groups of a reference log at its end."""
    reference = reference_groups(scene.table, np.zeros(len(scene.ledger), bool), scene.first)
    measures = {name: detector.measure(reference.groups, scene) for name, detector in detectors.items()}
    return Known(
        {name: measure.value for name, measure in measures.items()},
        {name: measure.error for name, measure in measures.items()},
        reference.family,
    )


def reference_groups(table: KeyTable, suspects: np.ndarray, first: np.ndarray) -> Reference:
    """Cohorts by a single key, at most COHORTS_OF_A_KIND of each kind, chosen by keyed hash.

    Large ones are cut by the time of first use, which depends neither on names nor on the order of files.
    """
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
            spread = mix(first[holders].astype(np.uint64) + table.name[key], _ORDER)
            holders = np.sort(holders[np.argsort(spread, kind="stable")[:LARGEST]])
        sets.append(holders)
    return Reference(Groups.of(sets), table.family[keys])
