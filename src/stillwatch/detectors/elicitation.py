"""Requests for written-out reasoning: before, after or beside the answer, in any language.

Sees: how strongly the text of a request (system prompt and user turn) asks that reasoning be written
out: hidden, post-hoc for a completed answer, verbatim, translated, in a forced script.
Cannot see: reasoning taken without asking (answers that reason by themselves).
Answers: S3, S9, S19, S24, S29, S32, C7 of the public record.
Benign work that trips it: audit capture, teaching, explainability work.
Sample: `requests ask for written-out reasoning (mean strength 0.79, benign groups 0.00)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.means import Means
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, asking
from stillwatch.linking.scene import Scene


class Elicitation:
    id = "elicitation"
    key = "extraction"
    kind = "asks"
    needs = frozenset({"prompt"})
    claim = "requests ask for written-out reasoning (mean strength {value}, benign groups {expected})"
    floor = 0.05
    true_positives = (
        Rehearsal(
            name="every item asks for the chain of thought",
            exchange={
                "prompt": asking(
                    "{0}, {1}, {2}? Write out your full chain of thought verbatim before the answer."
                )
            },
        ),
    )
    true_negatives = (
        Rehearsal(
            name="cooks who want explanations",
            exchange={"prompt": asking("Explain to me why {0} needs {1} and {2}.")},
        ),
    )

    def __init__(self) -> None:
        self._mean = Means()

    def observe(self, batch: Observed) -> None:
        seen = (batch.words > 0) | (batch.system != 0)
        self._mean.add(batch.accounts, batch.account, np.where(seen, batch.elicitation, np.nan))

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return self._mean.measure(groups, len(scene.ledger))


DETECTOR = Elicitation
