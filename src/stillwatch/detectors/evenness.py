"""Accounts that are used to the same amount: a queue is dealt out evenly, customers differ a hundredfold.

Sees: the spread of daily volume over a group's accounts (standard deviation of its logarithm).
Cannot see: an operator that draws volumes from the customers' law.
Answers: S2, S17, C4 of the public record.
Benign work that trips it: a class doing one exercise, seats with a common quota.
Sample: `accounts are used to nearly the same amount (-log spread 1.69, benign groups 0.13)`.
"""

import numpy as np

from stillwatch.features.active_days import ActiveDays
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, dealt_out
from stillwatch.linking.scene import Scene

FEW = 5  # accounts
SOFTENING = 0.15  # standard deviation of log volume below which differences do not matter


class Evenness:
    id = "evenness"
    key = "control"
    kind = "coordination"
    needs = frozenset({"ts"})
    claim = "accounts are used to nearly the same amount (-log spread {value}, benign groups {expected})"
    floor = 0.2
    true_positives = (
        Rehearsal(
            name="a queue dealt out over twenty accounts", size=20, schedule=dealt_out(12), patience=0.0
        ),
    )
    true_negatives = (
        Rehearsal(
            name="an office whose people differ in zeal", exchange={"asn": 64_999, "client_ip": "203.0.113.9"}
        ),
    )

    def __init__(self) -> None:
        self._active_days = ActiveDays()

    def observe(self, batch: Observed) -> None:
        self._active_days.observe(batch)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        count, days = scene.exchanges, self._active_days.upto(accounts)
        rate = np.log(np.where(count > 0, count, np.nan) / np.maximum(days, 1))
        mean, _ = groups.mean(rate)
        square = groups.total_of(np.nan_to_num((rate[groups.members] - mean[groups.owner]) ** 2))
        size = groups.total((count > 0).astype(float))
        noise = groups.total(np.nan_to_num(1 / np.where(count > 0, count, np.nan)))
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.sqrt(np.maximum(square / (size - 1) - noise / size, 0)) + SOFTENING
            error = 1 / np.sqrt(2 * (size - 1))
        few = size < FEW
        return Measure(np.where(few, np.nan, -np.log(spread)), np.where(few, np.nan, error))


DETECTOR = Evenness
