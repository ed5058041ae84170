"""Accounts worked hard on every day they are used: throughput beyond what a person reads.

Sees: the mean logarithm of exchanges per active day.
Cannot see: harvests spread so thin that each account stays below an ordinary user.
Answers: C1, C4, S17 of the public record.
Benign work that trips it: pipelines, bots, power users.
Sample: `accounts are worked hard (mean log exchanges a day 4.09, benign groups 1.58)`.
"""

import numpy as np

from stillwatch.features.active_days import ActiveDays
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, dealt_out, own_hours
from stillwatch.linking.scene import Scene


class Throughput:
    id = "throughput"
    key = "extraction"
    kind = "volume"
    needs = frozenset({"ts"})
    claim = "accounts are worked hard (mean log exchanges a day {value}, benign groups {expected})"
    floor = 0.3
    true_positives = (Rehearsal(name="two requests an account and hour", schedule=dealt_out(24)),)
    true_negatives = (Rehearsal(name="people who ask once a day", schedule=own_hours(1.0, 0.2)),)

    def __init__(self) -> None:
        self._active_days = ActiveDays()

    def observe(self, batch: Observed) -> None:
        self._active_days.observe(batch)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        days = self._active_days.upto(len(scene.ledger))
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = np.where(days > 0, np.log(scene.exchanges / days), np.nan)
        return Measure(*groups.mean(rate))


DETECTOR = Throughput
