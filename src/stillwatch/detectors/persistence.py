"""Accounts that come back day after day: a harvest runs until it is stopped, an event is over in a weekend.

Sees: the mean logarithm of the days on which an account was active.
Cannot see: accounts rotated after a day.
Answers: C1, S15 of the public record.
Benign work that trips it: products, regular users.
Sample: `accounts are back day after day (mean log active days 2.4, benign groups 0.9)`.
"""

import numpy as np

from stillwatch.features.active_days import ActiveDays
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.scene import Scene


class Persistence:
    id = "persistence"
    key = "extraction"
    kind = "volume"
    needs = frozenset({"ts"})
    claim = "accounts are back day after day (mean log active days {value}, benign groups {expected})"
    floor = 0.2

    def __init__(self) -> None:
        self._active_days = ActiveDays()

    def observe(self, batch: Observed) -> None:
        self._active_days.observe(batch)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        days = self._active_days.upto(len(scene.ledger))
        return Measure(*groups.mean(np.where(days > 0, np.log(np.maximum(days, 1)), np.nan)))


DETECTOR = Persistence
