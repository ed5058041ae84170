"""Both keys: a cluster is a campaign if common control and extraction both stand out of benign groups.

Each detector's standard score against the provider's own benign groups is weighed (see `weights`) and
added up, control and extraction apart. A key turns if its part exceeds that of nine in ten natural
groups of the same log. The log e-value is a tilt of the sum whose mean over benign groups is at most one:
over the simulated ones it was fitted on, and over this log's own natural groups, whichever is stricter.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from stillwatch.campaigns.alibi import CLAIM, NAME, NEEDS, OF_CAUSES, excuse
from stillwatch.campaigns.calibration import Calibrated, calibrate
from stillwatch.campaigns.reference import Known, Reference
from stillwatch.campaigns.weights import Weights
from stillwatch.detectors import Detector
from stillwatch.features.groups import Groups, Measure
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.scene import Scene

TURNED = 0.9  # quantile of natural groups that a key's part must exceed
FEWEST_NATURAL = 20  # natural groups under which nothing is judged


class Testimony(msgspec.Struct, frozen=True):
    """What one detector says of each cluster, and what that adds to the log likelihood ratio."""

    detector: str
    key: str
    kind: str
    claim: str
    needs: tuple[str, ...]
    calibrated: Calibrated
    part: np.ndarray


class Verdicts(msgspec.Struct, frozen=True):
    """For each cluster the parts of both keys (nats above nine in ten natural groups) and the log e-value."""

    testimonies: list[Testimony]
    control: np.ndarray
    extraction: np.ndarray
    log_e: np.ndarray


def judge(
    detectors: Mapping[str, Detector],
    clusters: Sequence[np.ndarray],
    reference: Reference,
    scene: Scene,
    weights: Weights,
    known: Known | None = None,
) -> Verdicts:
    """Measure clusters and natural groups with every detector and weigh the clusters."""
    count = len(clusters)
    family = reference.family if known is None else np.append(reference.family, known.family)
    natural = len(family)
    groups = Groups.of([*clusters, *_sets(reference.groups)])
    testimonies = []
    parts = {"control": np.zeros(count + natural), "extraction": np.zeros(count + natural)}
    for detector in detectors.values():
        made_by_it = FAMILIES.index(detector.kind) if detector.kind in FAMILIES else -1
        usable = family != made_by_it
        measure = detector.measure(groups, scene)
        if known is not None:
            value = np.append(measure.value, known.value[detector.id])
            measure = Measure(value, np.append(measure.error, known.error[detector.id]), measure.null)
        calibrated = calibrate(measure, count, usable, detector.floor)
        part = weights.part(detector.id, calibrated.score)
        own = np.append(np.zeros(count, bool), ~usable)
        parts[detector.key] += np.where(own, 0.0, part)
        testimonies.append(
            Testimony(
                detector.id,
                detector.key,
                detector.kind,
                detector.claim,
                tuple(sorted(detector.needs)),
                calibrated,
                part,
            )
        )
    excused = excuse(groups, scene, count, reference.family)
    if known is not None:
        excused = _without_known(excused, len(known.family))
    part = weights.excused(NAME, excused.score)
    parts["control"] += np.where(np.append(np.zeros(count, bool), np.isin(family, OF_CAUSES)), 0.0, part)
    testimonies.append(Testimony(NAME, "control", "cause", CLAIM, NEEDS, excused, part))
    if natural < FEWEST_NATURAL:
        nothing = np.full(count, -np.inf)
        return Verdicts(testimonies, parts["control"][:count], parts["extraction"][:count], nothing)
    above = {key: part - np.quantile(part[count:], TURNED) for key, part in parts.items()}
    log_e = weights.tilt * (weights.intercept + parts["control"] + parts["extraction"]) + weights.offset
    excess = max(0.0, float(np.log(np.exp(np.minimum(log_e[count:], 300.0)).mean())))
    turned = (above["control"] > 0) & (above["extraction"] > 0)
    log_e = np.where(turned, log_e - excess, -np.inf)
    return Verdicts(testimonies, above["control"][:count], above["extraction"][:count], log_e[:count])


def _without_known(excused: Calibrated, known: int) -> Calibrated:
    """Groups of a reference log have no excuse: their accounts are not at hand."""
    nothing = np.zeros(known)
    return Calibrated(np.append(excused.score, nothing), np.append(excused.value, nothing), excused.expected)


def _sets(groups: Groups) -> list[np.ndarray]:
    return np.split(groups.members, groups.offsets[1:-1]) if len(groups) else []
