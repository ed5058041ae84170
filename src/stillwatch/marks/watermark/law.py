"""How the score of one token is distributed where the key has nothing to do with the text: exactly known.

`scores` makes the scores of words; `cumulant` is the logarithm of E[exp(x (score - mean))], on which bounds rest.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import stats

from stillwatch.marks.watermark.prf import threshold, uniforms
from stillwatch.marks.watermark.threefry import Words

Floats = npt.NDArray[np.float64]


class Law(Protocol):
    """The law of one score."""

    @property
    def mean(self) -> float: ...
    @property
    def variance(self) -> float: ...
    @property
    def range(self) -> float: ...
    def scores(self, made: Words) -> Floats: ...
    def cumulant(self, x: Floats) -> Floats: ...
    def log_tail(self, total: float, count: int) -> float:
        """Logarithm of the chance that `count` independent scores sum to `total` or more: exact."""


@dataclass(frozen=True)
class Bernoulli:
    """Green or not."""

    gamma: float

    @property
    def mean(self) -> float:
        return threshold(self.gamma) / 2**32

    @property
    def variance(self) -> float:
        return self.mean * (1 - self.mean)

    @property
    def range(self) -> float:
        return 1.0

    def scores(self, made: Words) -> Floats:
        return (made < threshold(self.gamma)).astype(np.float64)

    def cumulant(self, x: Floats) -> Floats:
        """As log1p(mean (e**x - 1)) - mean x, from the side on which nothing overflows."""
        mean = np.where(x > 0, 1 - self.mean, self.mean)
        size = -np.abs(x)
        centred: Floats = np.log1p(mean * np.expm1(size)) - mean * size
        return centred

    def log_tail(self, total: float, count: int) -> float:
        return float(stats.binom.logsf(round(total) - 1, count, self.mean))


@dataclass(frozen=True)
class Exponential:
    """-log(1 - u) of the token that was drawn."""

    mean: float = 1.0
    variance: float = 1.0
    range: float = float("inf")

    def scores(self, made: Words) -> Floats:
        return -np.log1p(-uniforms(made))

    def cumulant(self, x: Floats) -> Floats:
        """Without end from 1 on."""
        inside = np.minimum(x, 1 - 1e-12)
        return np.where(x < 1, -np.log1p(-inside) - inside, np.inf)

    def log_tail(self, total: float, count: int) -> float:
        return float(stats.gamma.logsf(total, count))
