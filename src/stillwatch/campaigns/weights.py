"""The direction in which evidence is added up: one weight a detector, learned on simulated logs.

The weights are a ridge logistic regression of "a campaign" against "a benign cluster, cohort or natural
group" over standard scores, with weights held at zero or above, so that more of what a detector looks
for never speaks for innocence. `stillwatch bench weights` fits them and writes weights.json; what a score
is worth is then measured, as a tilt whose mean e-value over benign groups is one.
"""

from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

LOWEST, HIGHEST = -2.0, 3.0  # standard scores beyond these say no more: many must agree, none decides
MOST_EXCUSED = 6.0  # the same of what speaks for innocence


class Weights(msgspec.Struct, frozen=True):
    """log e-value = tilt * (intercept + sum of weight * score) + offset."""

    intercept: float
    weight: dict[str, float]  # by detector id; a detector that is not named weighs `unknown`
    tilt: float
    offset: float
    fitted_on: str
    unknown: float = 0.1

    def excused(self, name: str, score: np.ndarray) -> np.ndarray:
        """What an excuse's standard scores take away: zero or less."""
        out: np.ndarray = np.clip(np.nan_to_num(score), 0.0, MOST_EXCUSED) * self.weight.get(name, 0.0)
        return out

    def part(self, detector: str, score: np.ndarray) -> np.ndarray:
        """What a detector's standard scores add to the log likelihood ratio; unseen scores add nothing."""
        held: np.ndarray = np.clip(np.nan_to_num(score), LOWEST, HIGHEST)
        return held * self.weight.get(detector, self.unknown)


@cache
def weights() -> Weights:
    """The weights that come with the package."""
    text = files("stillwatch.campaigns").joinpath("weights.json").read_bytes()
    return msgspec.json.decode(text, type=Weights)
