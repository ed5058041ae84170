"""A group that moves to a new model at once: within a day of a release half its traffic has gone over.

Sees: the share of a group's exchanges that go to a model in the two days after its release, against the
population's share in the same two days, for the release where the difference is largest.
Cannot see: logs without release events.
Answers: S12, S11, C9 of the public record.
Benign work that trips it: day-one benchmarking, clients that always ask for the latest model.
Sample: `half the group moved to the new model in two days (excess share 0.41, benign groups 0.01)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR
from stillwatch.features.observed import Observed
from stillwatch.linking.scene import Scene

WINDOW = 48 * HOUR
RELEASES = 4  # the latest ones are followed
LEAST = 30  # exchanges of a group in the window


class ReleasePivot:
    id = "release_pivot"
    key = "extraction"
    kind = "pivot"
    needs = frozenset({"model", "event.model_release"})
    claim = "the group moves to a new model at once (excess share {value}, benign groups {expected})"
    floor = 0.08

    def __init__(self) -> None:
        self._daily = PerAccount(np.int32, 2 * RELEASES)  # all, and on the new model, in each release's window
        self._releases: list[tuple[int, int]] = []

    def released(self, at: int, model: int) -> None:
        """A model came out; its code is that of the exchanges' model names."""
        self._releases.append((at, model))

    def observe(self, batch: Observed) -> None:
        daily = self._daily.upto(batch.accounts)
        for number, (at, model) in enumerate(self._releases[:RELEASES]):
            inside = (batch.ts >= at) & (batch.ts < at + WINDOW)
            np.add.at(daily[:, 2 * number], batch.account[inside], 1)
            moved = inside & (batch.model == model)
            np.add.at(daily[:, 2 * number + 1], batch.account[moved], 1)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        counts = self._daily.upto(len(scene.ledger))
        value = np.full(len(groups), np.nan)
        error = np.full(len(groups), np.nan)
        for number in range(min(len(self._releases), RELEASES)):
            everyone, moved = counts[:, 2 * number].sum(), counts[:, 2 * number + 1].sum()
            mine = groups.total(counts[:, 2 * number])
            gone = groups.total(counts[:, 2 * number + 1])
            enough = mine >= LEAST
            with np.errstate(invalid="ignore", divide="ignore"):
                excess = np.where(enough, gone / mine - moved / max(everyone, 1), np.nan)
            better = enough & ~(excess <= value)
            value[better] = excess[better]
            error[better] = 0.5 / np.sqrt(groups.sizes[better])
        return Measure(value, error)


DETECTOR = ReleasePivot
