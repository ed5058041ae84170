"""The training that a haul feeds and displaces, as P10, P50 and P90 of many draws from stated priors.

- *Fed*: a student is tuned on what is kept: 6 operations a parameter and token, passed over some times.
- *Displaced, sampling*: what a model of one's own would have done to write the same.
- *Displaced, teacher*: what it takes, once, to train a model that can write such answers by reinforcement learning. It does
  not grow with the haul.

Pre-training of the student and of the teacher is in none of them.
"""

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from stillwatch.sharing.brief.reference import chips, rows

SEED = 20_260_302
DRAWS = 200_000  # at which P50 lies within 3 % of itself under five seeds (`stillwatch bench compute`)
HOUR = 3600.0

Numbers = NDArray[np.float64]


class Prior(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A quantity that is not known: log-uniform between two bounds, since it is known by its size."""

    name: str
    low: float
    high: float
    unit: str
    reason: str
    sources: list[str]


class Range(NamedTuple):
    """One draw in ten is below the first, half below the second, nine in ten below the third."""

    p10: float
    p50: float
    p90: float


class Haul(NamedTuple):
    """What was taken. `tokens` is None where they were not counted; `whole` where it is known that all was kept."""

    tokens: float | None
    exchanges: float
    whole: bool = False


def load_priors() -> list[Prior]:
    return rows("priors", list[Prior])


class Model:
    """One set of draws, so that all its ranges belong together."""

    def __init__(self, priors: list[Prior] | None = None, *, seed: int = SEED, draws: int = DRAWS) -> None:
        self.priors = {prior.name: prior for prior in priors or load_priors()}
        rng = np.random.default_rng(seed)
        self._drawn: dict[str, Numbers] = {
            prior.name: np.exp(rng.uniform(np.log(prior.low), np.log(prior.high), draws))
            for prior in self.priors.values()
        }

    def kept(self, haul: Haul) -> Numbers:
        """Tokens that are trained on."""
        drawn = self._drawn
        if haul.tokens is None:
            return haul.exchanges * drawn["tokens_per_exchange"]
        return haul.tokens * (np.ones_like(drawn["kept"]) if haul.whole else drawn["kept"])

    def fed(self, haul: Haul) -> Numbers:
        drawn = self._drawn
        passes = drawn["epochs"] * drawn["overhead"]
        return 6 * drawn["student_parameters"] * self.kept(haul) * passes

    def sampling(self, haul: Haul) -> Numbers:
        return 2 * self._drawn["teacher_parameters"] * self.kept(haul) * self._drawn["attempts"]

    def teacher(self) -> Numbers:
        drawn = self._drawn
        return drawn["reinforcement_operations"] * drawn["teacher_parameters"] * drawn["reinforcement_tokens"]

    def fed_hours(self, haul: Haul, chip: str) -> Numbers:
        return self._hours(self.fed(haul), "utilisation", chip)

    def sampling_hours(self, haul: Haul, chip: str) -> Numbers:
        return self._hours(self.sampling(haul), "sampling_utilisation", chip)

    def teacher_hours(self, chip: str) -> Numbers:
        return self._hours(self.teacher(), "reinforcement_utilisation", chip)

    def _hours(self, flop: Numbers, utilisation: str, chip: str) -> Numbers:
        return flop / (self._drawn[utilisation] * chips()[chip].peak * HOUR)


def range_of(values: Numbers) -> Range:
    return Range(*map(float, np.percentile(values, [10, 50, 90])))
