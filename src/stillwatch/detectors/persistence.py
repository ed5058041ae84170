"""Accounts that come back day after day: a harvest runs until it is stopped, an event is over in a weekend.

Sees: the mean logarithm of the days on which an account was active.
Cannot see: accounts rotated after a day.
Answers: C1, S15 of the public record.
Benign work that trips it: products, regular users.
Sample: `accounts are back day after day (mean log active days 2.08, benign groups 1.52)`.
"""

import numpy as np

from stillwatch.features.active_days import ActiveDays
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import DAYS, Rehearsal, dealt_out, own_hours
from stillwatch.linking.scene import Scene


class Persistence:
    id = "persistence"
    key = "extraction"
    kind = "volume"
    needs = frozenset({"ts"})
    claim = "accounts are back day after day (mean log active days {value}, benign groups {expected})"
    floor = 0.2
    true_positives = (Rehearsal(name="every account every day", schedule=dealt_out(12)),)
    true_negatives = (
        Rehearsal(name="a hackathon of two days", schedule=own_hours(20.0, 0.3, range(DAYS - 2, DAYS))),
    )

    def __init__(self) -> None:
        self._active_days = ActiveDays()

    def observe(self, batch: Observed) -> None:
        self._active_days.observe(batch)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        days = self._active_days.upto(len(scene.ledger))
        return Measure(*groups.mean(np.where(days > 0, np.log(np.maximum(days, 1)), np.nan)))


DETECTOR = Persistence
