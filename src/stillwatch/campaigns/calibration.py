"""How surprising a group's number is: log e-values against the provider's own benign groups.

The value of a cluster is standardised by the median and spread of the reference groups plus its own
sampling error. The spread is taken from the upper half, since benign look-alikes stretch that side. The
e-value is exponential in the capped standard score and divided by its mean over the reference groups
where that exceeds one, so that benign groups have a mean e-value of at most one by construction.
"""

import msgspec
import numpy as np

from stillwatch.features.groups import Measure

SLOPE = 1.6  # of the log e-value in the standard score: an alternative centred 1.6 spreads above benign groups
HIGHEST_SCORE = 8.0  # standard score past which the tail of benign groups is unknown
LOWEST_SCORE = -4.0
FEWEST_REFERENCES = 12  # groups under which only the detector's own floor speaks for benign spread
NORMAL_Q90 = 1.2816


class Calibrated(msgspec.Struct, frozen=True):
    """For each cluster the log e-value (NaN unseen), the standard score, the value and the benign median."""

    log_e: np.ndarray
    score: np.ndarray
    value: np.ndarray
    expected: float


def calibrate(measure: Measure, clusters: int, usable: np.ndarray, floor: float) -> Calibrated:
    """Judge the first `clusters` values of a measure against the others; `usable` marks fit reference groups."""
    value, error = measure.value, np.nan_to_num(measure.error, nan=np.inf)
    reference = np.flatnonzero(usable & np.isfinite(value[clusters:]) & np.isfinite(error[clusters:])) + clusters
    if measure.null is not None:
        centre, spread = measure.null
        reference = reference[:0]
    elif len(reference) >= FEWEST_REFERENCES:
        centre, spread = _centre_and_spread(value[reference], error[reference])
    else:
        return Calibrated(np.full(clusters, np.nan), np.full(clusters, np.nan), value[:clusters], np.nan)
    spread = max(spread, floor)
    score = (value - centre) / np.sqrt(spread**2 + error**2)
    score = np.where(np.isfinite(value), np.clip(score, LOWEST_SCORE, HIGHEST_SCORE), np.nan)
    log_e = SLOPE * score - SLOPE**2 / 2
    if len(reference):
        log_e = log_e - max(0.0, float(np.log(np.exp(log_e[reference]).mean())))
    return Calibrated(log_e[:clusters], score[:clusters], value[:clusters], float(centre))


def _centre_and_spread(value: np.ndarray, error: np.ndarray) -> tuple[float, float]:
    centre = float(np.median(value))
    deviation = np.abs(value - centre)
    noise = float(np.median(error)) ** 2
    middle = 1.4826 * float(np.median(deviation))
    upper = (float(np.quantile(value, 0.9)) - centre) / NORMAL_Q90
    return centre, float(np.sqrt(max(max(middle, upper) ** 2 - noise, 0.0)))
