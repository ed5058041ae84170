"""Accounts worked hard on every day they are used: throughput beyond what a person reads.

Sees: the mean logarithm of exchanges per active day.
Cannot see: harvests spread so thin that each account stays below an ordinary user.
Answers: C1, C4, S17 of the public record.
Benign work that trips it: pipelines, bots, power users.
Sample: `accounts are worked hard (mean log exchanges a day 3.2, benign groups 0.9)`.
"""

import numpy as np

from stillwatch.features.active_days import ActiveDays
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.scene import Scene


class Throughput:
    id = "throughput"
    key = "extraction"
    kind = "volume"
    needs = frozenset({"ts"})
    claim = "accounts are worked hard (mean log exchanges a day {value}, benign groups {expected})"
    floor = 0.3

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
