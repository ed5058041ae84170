"""The weight of all findings of an account together, about one unsupported place, worked out once for every combination.

`plain` is the log-likelihood ratio of use from that place against all innocent situations; what is not seen takes no
part. `held` is the least that `plain` can become once what is missing is seen: what could not be seen is taken as
it would be best for the account. So another signal seen never lowers `held`, and one taken away never raises it.
"""

from functools import cache
from math import factorial

import msgspec
import numpy as np

from stillwatch.access.regions.situations import FINDINGS, INNOCENT, ORDERS, UNSUPPORTED, Situation

SIGNALS = tuple(FINDINGS)
MISSING = {signal: len(findings) for signal, findings in FINDINGS.items()}
SHAPE = tuple(missing + 1 for missing in MISSING.values())
STRIDES = dict(zip(SIGNALS, (int(np.prod(SHAPE[i + 1 :])) for i in range(len(SHAPE))), strict=True))
ALL = (1 << len(SIGNALS)) - 1


class Weights(msgspec.Struct, frozen=True):
    """Log-likelihood ratios in nats by the code of a combination: the sum of finding times stride over the signals."""

    plain: np.ndarray
    held: np.ndarray
    information: np.ndarray  # of each signal: how much it tells on average, nats


@cache
def weights() -> Weights:
    """The weights of all combinations, a few million."""
    plain = np.log(_likelihood(UNSUPPORTED)) - np.log(_likelihood(INNOCENT))
    held = plain.copy()
    for axis, signal in enumerate(SIGNALS):
        along = np.moveaxis(held, axis, 0)
        for lower, higher in ORDERS.get(signal, ()):
            np.minimum(along[lower], along[higher], out=along[lower])
    for axis in range(len(SIGNALS)):
        along = np.moveaxis(held, axis, 0)
        along[-1] = along.min(axis=0)
    return Weights(plain.reshape(-1), held.reshape(-1), _information())


def findings_of(codes: np.ndarray) -> np.ndarray:
    """[n, signals]: the finding of each signal in some combinations."""
    return np.stack([codes // STRIDES[signal] % (MISSING[signal] + 1) for signal in SIGNALS], axis=1)


def contributions(codes: np.ndarray) -> np.ndarray:
    """[n, signals] nats that sum to `plain`: the mean of what a signal adds over all orders in which they can be seen.

    That is its Shapley value. Signals that were not seen add nothing.
    """
    distinct, which = np.unique(codes, return_inverse=True)
    found = findings_of(distinct)
    strides = np.array([STRIDES[signal] for signal in SIGNALS])
    missing = np.array(list(MISSING.values()))
    subset = (np.arange(ALL + 1)[:, None] >> np.arange(len(SIGNALS)) & 1).astype(bool)
    seen = np.where(subset[:, None, :], found[None, :, :], missing)
    worth = weights().plain[seen @ strides]
    out: np.ndarray = (_shapley(subset) @ worth).T[which]
    return out


def _shapley(subset: np.ndarray) -> np.ndarray:
    """[signals, subsets]: what the worth of a subset counts for each signal."""
    size, count = subset.sum(axis=1), subset.shape[1]
    order = np.array([factorial(k) * factorial(count - k - 1) for k in range(count)]) / factorial(count)
    joining = order[np.maximum(size - 1, 0)]
    lacking = order[np.minimum(size, count - 1)]
    out: np.ndarray = np.where(subset, joining[:, None], -lacking[:, None]).T
    return out


def _likelihood(situations: tuple[Situation, ...]) -> np.ndarray:
    total = sum(situation.share for situation in situations)
    out = np.zeros(SHAPE)
    for situation in situations:
        part: np.ndarray = np.array(situation.share / total)
        for signal in SIGNALS:
            part = part[..., None] * _shares(situation, signal)
        out += part
    return out


def _shares(situation: Situation, signal: str) -> np.ndarray:
    """How often each finding is met, and 1 for no finding: what is not seen says nothing."""
    shares = np.array(getattr(situation, signal))
    return np.append(shares / shares.sum(), 1.0)


def _information() -> np.ndarray:
    """Of each signal the mean weight it has for and against (Jeffreys' divergence)."""
    out = []
    for signal in SIGNALS:
        both = [
            sum(s.share * _shares(s, signal)[:-1] for s in group) / sum(s.share for s in group)
            for group in (UNSUPPORTED, INNOCENT)
        ]
        out.append(float(((both[0] - both[1]) * np.log(both[0] / both[1])).sum()))
    return np.array(out)
