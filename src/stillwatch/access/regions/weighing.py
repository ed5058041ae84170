"""The weight of all findings of an account together, about one unsupported place, worked out once for every combination.

The `weight` is the log-likelihood ratio of use from that place against all innocent situations; what is not seen takes
no part. `held` is the least that it can become once what is missing is seen: what could not be seen is taken as it
would be best for the account. So a signal taken away never raises what is held against anybody.
"""

from functools import cache
from math import factorial

import msgspec
import numpy as np

from stillwatch.access.regions.situations import FINDINGS, INNOCENT, ORDERS, UNSUPPORTED, Situation, shares_of

SIGNALS = tuple(FINDINGS)
MISSING = {signal: len(findings) for signal, findings in FINDINGS.items()}
SHAPE = tuple(missing + (signal != "coherence") for signal, missing in MISSING.items())  # it is always known
STRIDES = dict(zip(SIGNALS, (int(np.prod(SHAPE[i + 1 :])) for i in range(len(SHAPE))), strict=True))
SUBSETS = (np.arange(1 << len(SIGNALS))[:, None] >> np.arange(len(SIGNALS)) & 1).astype(bool)


@cache
def held() -> np.ndarray:
    """The least that the weight can become, nats, by the code of a combination: the sum of finding times stride."""
    out = (np.log(_all_likelihoods(UNSUPPORTED)) - np.log(_all_likelihoods(INNOCENT))).astype(np.float32)
    for axis, signal in enumerate(SIGNALS):
        along = np.moveaxis(out, axis, 0)
        for lower, higher in ORDERS.get(signal, ()):
            np.minimum(along[lower], along[higher], out=along[lower])
    for axis, signal in enumerate(SIGNALS):
        if signal != "coherence":
            along = np.moveaxis(out, axis, 0)
            along[-1] = along.min(axis=0)
    flat: np.ndarray = out.reshape(-1)
    return flat


def findings_of(codes: np.ndarray) -> np.ndarray:
    """[n, signals]: the finding of each signal in some combinations."""
    steps = [STRIDES[signal] for signal in SIGNALS]
    out: np.ndarray = codes[:, None] // np.array(steps) % np.array(SHAPE)
    return out


def contributions(findings: np.ndarray) -> np.ndarray:
    """[n, signals] nats of what was found: the mean of what a signal adds over all orders in which they can be seen.

    These are Shapley values. They sum to the weight of all signals; signals that were not seen add nothing.
    """
    distinct, which = np.unique(findings, axis=0, return_inverse=True)
    worth = np.zeros((len(SUBSETS), len(distinct)))
    for group, sign in ((UNSUPPORTED, 1.0), (INNOCENT, -1.0)):
        worth += sign * np.log(sum(_of_subsets(distinct, situation) for situation in _normed(group)))
    out: np.ndarray = (_shapley() @ worth).T[which]
    return out


def information() -> np.ndarray:
    """Of each signal the mean weight it has for and against (Jeffreys' divergence), nats."""
    out = []
    for signal in SIGNALS:
        ours, theirs = (
            sum(s.share * _shares(s, signal)[:-1] for s in _normed(group))
            for group in (UNSUPPORTED, INNOCENT)
        )
        out.append(float(((ours - theirs) * np.log(ours / theirs)).sum()))
    return np.array(out)


def _normed(group: tuple[Situation, ...]) -> list[Situation]:
    total = sum(situation.share for situation in group)
    return [msgspec.structs.replace(situation, share=situation.share / total) for situation in group]


def _shares(situation: Situation, signal: str) -> np.ndarray:
    """How often each finding is met, and 1 for no finding: what is not seen says nothing."""
    return np.append(shares_of(situation, signal), 1.0)


def _all_likelihoods(group: tuple[Situation, ...]) -> np.ndarray:
    out = np.zeros(SHAPE)
    for situation in _normed(group):
        part: np.ndarray = np.array(situation.share)
        for signal, size in zip(SIGNALS, SHAPE, strict=True):
            part = part[..., None] * _shares(situation, signal)[:size]
        out += part
    return out


def _of_subsets(findings: np.ndarray, situation: Situation) -> np.ndarray:
    """[subsets, n]: the likelihood of a part of the findings in a situation, times its share."""
    each = np.stack([np.log(_shares(situation, signal))[findings[:, i]] for i, signal in enumerate(SIGNALS)])
    out: np.ndarray = situation.share * np.exp(SUBSETS.astype(float) @ each)
    return out


@cache
def _shapley() -> np.ndarray:
    """[signals, subsets]: what the worth of a subset counts for each signal."""
    size, count = SUBSETS.sum(axis=1), SUBSETS.shape[1]
    order = np.array([factorial(k) * factorial(count - k - 1) for k in range(count)]) / factorial(count)
    joining = order[np.maximum(size - 1, 0)]
    lacking = order[np.minimum(size, count - 1)]
    out: np.ndarray = np.where(SUBSETS, joining[:, None], -lacking[:, None]).T
    return out


def weight(findings: np.ndarray) -> np.ndarray:
    """[n] log-likelihood ratio of what was found, nats; what was not seen takes no part."""
    out = np.zeros(len(findings))
    for group, sign in ((UNSUPPORTED, 1.0), (INNOCENT, -1.0)):
        total = np.zeros(len(findings))
        for situation in _normed(group):
            part = np.full(len(findings), situation.share)
            for i, signal in enumerate(SIGNALS):
                part *= _shares(situation, signal)[findings[:, i]]
            total += part
        out += sign * np.log(total)
    return out
