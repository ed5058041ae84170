"""A model used as a reward model: answers judged by a rubric, by the thousand.

Sees: how strongly requests ask to score, rank or compare given answers.
Cannot see: preferences asked for in free conversation.
Answers: S4, S31 of the public record.
Benign work that trips it: evaluation pipelines with a model as judge, essay marking.
Sample: `requests ask to grade answers (mean strength 1.00, benign groups 0.00)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.means import Means
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, asking
from stillwatch.linking.scene import Scene


class Grading:
    id = "grading"
    key = "extraction"
    kind = "asks"
    needs = frozenset({"prompt"})
    claim = "requests ask to grade answers (mean strength {value}, benign groups {expected})"
    floor = 0.05
    true_positives = (
        Rehearsal(
            name="answers judged by a rubric",
            exchange={
                "prompt": asking(
                    "Score the response below from 1 to 10 by the rubric and output only the score. "
                    "Question: {0}? Response: {1} {2}."
                )
            },
        ),
    )
    true_negatives = (
        Rehearsal(
            name="people who ask for an opinion",
            exchange={"prompt": asking("What do you think of my {0} with {1} and {2}?")},
        ),
    )

    def __init__(self) -> None:
        self._mean = Means()

    def observe(self, batch: Observed) -> None:
        seen = (batch.words > 0) | (batch.system != 0)
        self._mean.add(batch.accounts, batch.account, np.where(seen, batch.grading, np.nan))

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return self._mean.measure(groups, len(scene.ledger))


DETECTOR = Grading
