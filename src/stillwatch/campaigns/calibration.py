"""How far a group's number stands out of the provider's own benign groups, in standard scores.

The value of a cluster is centred on the median of the natural groups and divided by their spread plus
its own sampling error. The spread is taken from the upper half, since benign look-alikes stretch that side.
"""

import msgspec
import numpy as np

from stillwatch.features.groups import Measure

HIGHEST_SCORE = 8.0  # past which the tail of benign groups is unknown
LOWEST_SCORE = -4.0
FEWEST_REFERENCES = 12  # natural groups under which a detector says nothing
NORMAL_Q90 = 1.2816


class Calibrated(msgspec.Struct, frozen=True):
    """Standard scores of clusters and natural groups (NaN unseen), values, and the benign median."""

    score: np.ndarray
    value: np.ndarray
    expected: float


def calibrate(measure: Measure, clusters: int, usable: np.ndarray, floor: float) -> Calibrated:
    """Standardise by the natural groups that follow the first `clusters` values; `usable` marks fit ones."""
    value, error = measure.value, np.nan_to_num(measure.error, nan=np.inf)
    natural = (
        np.flatnonzero(usable & np.isfinite(value[clusters:]) & np.isfinite(error[clusters:])) + clusters
    )
    if measure.null is not None:
        centre, spread = measure.null
    elif len(natural) >= FEWEST_REFERENCES:
        centre, spread = _centre_and_spread(value[natural], error[natural])
    else:
        return Calibrated(np.full(len(value), np.nan), value, np.nan)
    score = (value - centre) / np.sqrt(max(spread, floor) ** 2 + error**2)
    score = np.where(np.isfinite(value), np.clip(score, LOWEST_SCORE, HIGHEST_SCORE), np.nan)
    return Calibrated(score, value, float(centre))


def _centre_and_spread(value: np.ndarray, error: np.ndarray) -> tuple[float, float]:
    centre = float(np.median(value))
    deviation = np.abs(value - centre)
    noise = float(np.median(error)) ** 2
    middle = 1.4826 * float(np.median(deviation))
    upper = (float(np.quantile(value, 0.9)) - centre) / NORMAL_Q90
    return centre, float(np.sqrt(max(max(middle, upper) ** 2 - noise, 0.0)))
