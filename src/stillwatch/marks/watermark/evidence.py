"""From pairs and keys to chances: the sum of scores under a key, against what is known exactly of a key that is not in it.

Three p-values, each valid or not for its own reason:

- **bound**: Chernoff's bound with the exact law of every score. Valid at any size and depth; the one to publish. It is
  never above Hoeffding's bound, which has a closed form for who wants to check it by hand.
- **rank**: among decoy keys, (1 + those at or above) / (1 + decoys). Valid whatever the law; never below 1 / (1 + decoys).
- **normal**: the tail of the normal law. An indication; in the far tail it may be too small.

Where all weights are one there is a fourth, **exact**: the binomial or gamma tail.
"""

import math

import msgspec
import numpy as np
from scipy import stats

from stillwatch.marks.watermark.law import Law
from stillwatch.marks.watermark.pairs import Floats, Pairs, keyed_words
from stillwatch.marks.watermark.threefry import Words

STEEPNESS = np.geomspace(0.05, 200, 96)  # slopes tried for the bound, in standard deviations
LN10 = math.log(10)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a key's sum says. Logarithms are to base 10; those of chances are 0 where there is nothing to sum."""

    pairs: int
    mean_score: float | None  # of all pairs, weighted; green share where all weights are one
    expected: float  # of it, under a key that the text does not depend on
    z: float | None
    log10_p_bound: float
    log10_p_hoeffding: float
    log10_p_normal: float
    log10_p_rank: float | None = None
    log10_p_exact: float | None = None


class Null:
    """Everything about the sum over some pairs that does not depend on the key."""

    def __init__(self, pairs: Pairs, law: Law) -> None:
        self.pairs, self.law = pairs, law
        weights = pairs.weights
        self.total = float(weights.sum())
        self.squares = float((weights**2).sum())
        self.deviation = math.sqrt(law.variance * self.squares)
        self.plain = bool(np.all(weights == 1))
        self._slopes = STEEPNESS / self.deviation if self.deviation else np.empty(0)
        self._cumulants = self._all_cumulants()

    def _all_cumulants(self) -> Floats:
        values, counts = np.unique(self.pairs.weights, return_counts=True)
        return np.array([float(self.law.cumulant(slope * values) @ counts) for slope in self._slopes])

    def sums(self, keys: Words) -> Floats:
        """The sum of weighted scores under each key [m, 4], less its mean under a key that is not in the text."""
        found = [self.law.scores(made) @ self.pairs.weights for made in keyed_words(keys, self.pairs)]
        return np.concatenate(found) - self.law.mean * self.total if found else np.empty(0)

    def log_bound(self, sums: Floats) -> Floats:
        """Natural logarithm of the bound on the chance of as large a sum."""
        if not self.deviation:
            return np.zeros(len(sums))
        exponents = self._cumulants[None, :] - np.multiply.outer(sums, self._slopes)
        lowest: Floats = np.minimum(exponents.min(axis=1), 0.0)
        return lowest

    def log_hoeffding(self, sums: Floats) -> Floats:
        if not self.deviation or math.isinf(self.law.range):
            return np.zeros(len(sums))
        exponents: Floats = -2 * np.maximum(sums, 0) ** 2 / (self.law.range**2 * self.squares)
        return exponents

    def log_normal(self, sums: Floats) -> Floats:
        if not self.deviation:
            return np.zeros(len(sums))
        tails: Floats = stats.norm.logsf(sums / self.deviation)
        return tails

    def log_ranks(self, sums: Floats, decoys: Floats) -> Floats:
        above = len(decoys) - np.searchsorted(np.sort(decoys), sums, side="left")
        ranks: Floats = np.log((1.0 + above) / (1.0 + len(decoys)))
        return ranks

    def evidence(self, sums: Floats, decoys: Floats | None = None) -> list[Evidence]:
        """Of each key, with ranks where there are sums of decoys."""
        bounds, hoeffdings, normals = self.log_bound(sums), self.log_hoeffding(sums), self.log_normal(sums)
        ranks = None if decoys is None else self.log_ranks(sums, decoys)
        return [
            Evidence(
                pairs=len(self.pairs),
                mean_score=self.law.mean + value / self.total if self.plain and self.total else None,
                expected=self.law.mean,
                z=value / self.deviation if self.deviation else None,
                log10_p_bound=float(bounds[at]) / LN10,
                log10_p_hoeffding=float(hoeffdings[at]) / LN10,
                log10_p_normal=float(normals[at]) / LN10,
                log10_p_rank=None if ranks is None else float(ranks[at]) / LN10,
                log10_p_exact=self._log10_exact(value),
            )
            for at, value in enumerate(sums.tolist())
        ]

    def _log10_exact(self, value: float) -> float | None:
        if not self.plain or not len(self.pairs):
            return None
        return self.law.log_tail(value + self.law.mean * self.total, len(self.pairs)) / LN10


def pairs_needed(law: Law, mean_score: float, log10_p: float) -> int | None:
    """Pairs of weight one after which the bound reaches `log10_p` where scores are `mean_score` on average; None if never.

    The exponent of the bound grows by the same amount with each pair: the largest of x (mean_score - mean) - cumulant(x).
    """
    above = mean_score - law.mean
    if above <= 0:
        return None
    slopes = np.geomspace(1e-6, 50, 4_000)
    rate = float(np.max(slopes * above - law.cumulant(slopes)))
    return None if rate <= 0 else math.ceil(-log10_p * LN10 / rate)


def holm(log_ps: Floats) -> Floats:
    """Natural logarithms of p-values adjusted by Holm: the family-wise error is kept however they depend on each other."""
    order = np.argsort(log_ps)
    steps = np.log(np.arange(len(log_ps), 0, -1))
    adjusted = np.minimum(np.maximum.accumulate(log_ps[order] + steps), 0.0)
    out = np.empty(len(log_ps))
    out[order] = adjusted
    return out
