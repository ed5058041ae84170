"""Accounts that work every day once they have begun: neither an event that ends nor people with days off.

Sees: the share of days since its first exchange on which an account was active, for accounts of two days
or more.
Cannot see: groups younger than two days; pools rotated by design.
Answers: C1, C2 of the public record.
Benign work that trips it: pipelines, monitoring, daily users.
Sample: `accounts work nearly every day once begun (share of days 1.00, benign groups 0.64)`.
"""

import numpy as np

from stillwatch.features.active_days import DAY, ActiveDays
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.ledger import NEVER
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, dealt_out, own_hours
from stillwatch.linking.scene import Scene

YOUNGEST = 2  # days


class Sustained:
    id = "sustained"
    key = "extraction"
    kind = "volume"
    needs = frozenset({"ts"})
    claim = "accounts work nearly every day once begun (share of days {value}, benign groups {expected})"
    floor = 0.08
    true_positives = (Rehearsal(name="every account every day", schedule=dealt_out(12)),)
    true_negatives = (
        Rehearsal(name="people who stop after the first days", schedule=own_hours(8.0, 0.3, range(4))),
    )

    def __init__(self) -> None:
        self._active_days = ActiveDays()

    def observe(self, batch: Observed) -> None:
        self._active_days.observe(batch)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        days = self._active_days.upto(len(scene.ledger))
        begun = scene.first < NEVER
        since = np.where(begun, (scene.now - 1) // DAY - scene.first // DAY + 1, 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(since >= YOUNGEST, days / since, np.nan)
        return Measure(*groups.mean(share))


DETECTOR = Sustained
