"""Requests of the kinds a student model is trained on, rather than everyday ones.

Sees: the mean share of capabilities other than `general` in a group's exchanges, each account once.
Cannot see: everyday chat harvested as such.
Answers: S10, S17, S18, S26, S31 of the public record.
Benign work that trips it: developers with coding agents, data teams, evaluators.
Sample: `requests are of the kinds models are trained on (share 1.00, benign groups 0.54)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.means import Means
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, asking
from stillwatch.linking.scene import Scene
from stillwatch.records import CAPABILITIES


class TrainingGrade:
    id = "training_grade"
    key = "extraction"
    kind = "asks"
    needs = frozenset({"prompt", "tools"})
    claim = "requests are of the kinds models are trained on (share {value}, benign groups {expected})"
    floor = 0.08
    true_positives = (
        Rehearsal(
            name="a queue of programming tasks",
            exchange={
                "prompt": asking("Implement a Python class for {0} with {1} and {2}, and unit tests for it")
            },
        ),
    )
    true_negatives = (
        Rehearsal(
            name="cooks", exchange={"prompt": asking("What goes well with {0} and {1} when we have {2}?")}
        ),
    )

    def __init__(self) -> None:
        self._mean = Means()

    def observe(self, batch: Observed) -> None:
        seen = (batch.words > 0) | (batch.tools != 0)
        general = batch.capability[:, CAPABILITIES.index("general")]
        self._mean.add(batch.accounts, batch.account, np.where(seen, 1 - general, np.nan))

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return self._mean.measure(groups, len(scene.ledger))


DETECTOR = TrainingGrade
