"""A group that moves to a new model at once: within a day of a release half its traffic has gone over.

Sees: the share of a group's exchanges that go to a model in the two days after its release, against the
population's share in the same two days, for the release where the difference is largest.
Cannot see: logs without release events.
Answers: S12, S11, C9 of the public record.
Benign work that trips it: day-one benchmarking, clients that always ask for the latest model.
Sample: `the group moves to a new model at once (excess share 0.81, benign groups -0.13)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import NEW_MODEL, OLD_MODEL, RELEASE, Rehearsal, own_hours
from stillwatch.linking.scene import Scene

LEAST = 30  # exchanges of a group in the window


class ReleasePivot:
    id = "release_pivot"
    key = "extraction"
    kind = "pivot"
    needs = frozenset({"model", "event.model_release"})
    claim = "the group moves to a new model at once (excess share {value}, benign groups {expected})"
    floor = 0.08
    true_positives = (
        Rehearsal(
            name="everything goes to the new model within the hour",
            exchange={"model": lambda moment: NEW_MODEL if moment.ts > RELEASE else OLD_MODEL},
            schedule=own_hours(8.0, 0.3),
        ),
    )
    true_negatives = (
        Rehearsal(
            name="a pipeline pinned to its model", exchange={"model": OLD_MODEL}, schedule=own_hours(8.0, 0.3)
        ),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the scene holds migrations."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        value = np.full(len(groups), np.nan)
        error = np.full(len(groups), np.nan)
        for number in range(len(scene.releases)):
            counts = scene.moved(number)
            everyone, moved = counts.sum(axis=0)
            mine, gone = groups.total(counts).T
            enough = mine >= LEAST
            with np.errstate(invalid="ignore", divide="ignore"):
                excess = np.where(enough, gone / mine - moved / max(everyone, 1), np.nan)
            better = enough & ~(excess <= value)
            value[better] = excess[better]
            error[better] = 0.5 / np.sqrt(groups.sizes[better])
        return Measure(value, error)


DETECTOR = ReleasePivot
