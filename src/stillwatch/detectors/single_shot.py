"""Requests that stand alone: one question, one answer, next item.

Sees: the share of exchanges that open a conversation of their own. People and products come back to one;
work items do not.
Cannot see: harvests of multi-turn conversations and agent runs.
Answers: S17, S27 of the public record.
Benign work that trips it: extraction pipelines, evaluators, search-like apps.
Sample: `requests stand alone: no conversation goes on (share 1.00, benign groups 0.61)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.means import Means
from stillwatch.features.observed import Observed
from stillwatch.features.occasions import Occasions
from stillwatch.linking.rehearsal import Rehearsal
from stillwatch.linking.scene import Scene


class SingleShot:
    id = "single_shot"
    key = "extraction"
    kind = "form"
    needs = frozenset({"n_turns", "session_id"})
    claim = "requests stand alone: no conversation goes on (share {value}, benign groups {expected})"
    floor = 0.1
    true_positives = (Rehearsal(name="no request goes on", patience=0.0),)
    true_negatives = (Rehearsal(name="long conversations", patience=0.8),)

    def __init__(self) -> None:
        self._mean = Means()
        self._occasions = Occasions()

    def observe(self, batch: Observed) -> None:
        opened = self._occasions.opened(batch)
        known = (batch.turns >= 0) | (batch.session != 0) | (batch.conversation != 0)
        alone = opened & (batch.turns <= 1)
        self._mean.add(batch.accounts, batch.account, np.where(known, alone.astype(float), np.nan))

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return self._mean.measure(groups, len(scene.ledger))


DETECTOR = SingleShot
