"""Both keys: a cluster is a campaign if common control and extraction each stand on several legs.

Detectors of one kind look at the same facet, so their e-values are averaged, which is valid under any
dependence. Kinds rest on different fields and are multiplied. Each kind is capped, so that no single
facet, however odd, can turn a key. The null is "not under common control, or not extracting": the
smaller of the two e-values is valid for it whichever half is true.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from stillwatch.campaigns.calibration import Calibrated, calibrate
from stillwatch.campaigns.reference import Reference
from stillwatch.detectors import Detector
from stillwatch.features.groups import Groups
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.scene import Scene

HIGHEST = 8.0  # nats a kind can add to its key
LOWEST = -4.0  # nats a kind can take away


class Testimony(msgspec.Struct, frozen=True):
    """What one detector says of each cluster."""

    detector: str
    key: str
    kind: str
    claim: str
    needs: tuple[str, ...]
    calibrated: Calibrated


class Verdicts(msgspec.Struct, frozen=True):
    """Log e-values of each cluster: of each kind, of each key, and of both (their minimum)."""

    testimonies: list[Testimony]
    kinds: dict[tuple[str, str], np.ndarray]  # (key, kind) to capped log e-values
    control: np.ndarray
    extraction: np.ndarray

    @property
    def both(self) -> np.ndarray:
        """The log e-value against "not controlled, or not extracting"."""
        return np.minimum(self.control, self.extraction)


def judge(
    detectors: Mapping[str, Detector], clusters: Sequence[np.ndarray], reference: Reference, scene: Scene
) -> Verdicts:
    """Measure clusters and reference groups with every detector and weigh the clusters."""
    count = len(clusters)
    groups = Groups.of([*clusters, *_sets(reference.groups)])
    testimonies = []
    for detector in detectors.values():
        made_by_it = FAMILIES.index(detector.kind) if detector.kind in FAMILIES else -1
        usable = reference.family != made_by_it
        calibrated = calibrate(detector.measure(groups, scene), count, usable, detector.floor)
        testimonies.append(
            Testimony(detector.id, detector.key, detector.kind, detector.claim, tuple(sorted(detector.needs)), calibrated)
        )
    kinds: dict[tuple[str, str], np.ndarray] = {}
    for key, kind in sorted({(t.key, t.kind) for t in testimonies}):
        said = np.array([t.calibrated.log_e for t in testimonies if (t.key, t.kind) == (key, kind)])
        kinds[key, kind] = np.clip(_mean_e(said), LOWEST, HIGHEST)
    return Verdicts(testimonies, kinds, _product(kinds, "control", count), _product(kinds, "extraction", count))


def _sets(groups: Groups) -> list[np.ndarray]:
    return np.split(groups.members, groups.offsets[1:-1]) if len(groups) else []


def _mean_e(said: np.ndarray) -> np.ndarray:
    """Log of the mean of e-values over the detectors that saw something; 0 where none did."""
    seen = np.isfinite(said)
    top = np.where(seen, said, -np.inf).max(axis=0)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.where(seen, np.exp(np.where(seen, said, 0.0) - top), 0.0).sum(axis=0)
    with np.errstate(divide="ignore"):
        out = top + np.log(total / np.maximum(seen.sum(axis=0), 1))
    return np.where(seen.any(axis=0), out, 0.0)


def _product(kinds: Mapping[tuple[str, str], np.ndarray], key: str, count: int) -> np.ndarray:
    return sum((log_e for (k, _), log_e in kinds.items() if k == key), np.zeros(count))
