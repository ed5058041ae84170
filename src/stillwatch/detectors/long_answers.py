"""Long answers: a harvest pays for tokens to train on.

Sees: the mean logarithm of output tokens of successful exchanges.
Cannot see: harvests of labels and grades, whose answers are short.
Answers: S17, S31 of the public record.
Benign work that trips it: report writing, agents.
Sample: `answers are long (mean log tokens 7.31, benign groups 5.61)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.means import Means
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, any_of
from stillwatch.linking.scene import Scene

FIRST_ERROR = 400  # HTTP status


class LongAnswers:
    id = "long_answers"
    key = "extraction"
    kind = "form"
    needs = frozenset({"tokens_out"})
    claim = "answers are long (mean log tokens {value}, benign groups {expected})"
    floor = 0.2
    true_positives = (
        Rehearsal(name="essays by the hundred", exchange={"tokens_out": any_of(900, 1200, 1700, 2400)}),
    )
    true_negatives = (Rehearsal(name="labels by the hundred", exchange={"tokens_out": any_of(1, 2, 5)}),)

    def __init__(self) -> None:
        self._mean = Means()

    def observe(self, batch: Observed) -> None:
        answered = (batch.tokens_out > 0) & (batch.status < FIRST_ERROR)
        self._mean.add(
            batch.accounts, batch.account, np.where(answered, np.log(np.maximum(batch.tokens_out, 1)), np.nan)
        )

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return self._mean.measure(groups, len(scene.ledger))


DETECTOR = LongAnswers
