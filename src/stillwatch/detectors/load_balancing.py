"""A total that is smoother than independent accounts can be, and accounts that start and stop as one.

Sees: hourly counts of the last seven days. A balancer keeps the group's total even although each account
comes and goes; independent people make totals with nights, weekends and bursts.
Cannot see: a campaign paced by human hours on purpose.
Answers: S1, S2, C1 of the public record.
Benign work that trips it: a gateway pool, monitoring spread over accounts.
Sample: `the group's hourly total is even although accounts come and go (-log squared variation 3.51, benign
groups -0.31)`.
"""

import numpy as np

from stillwatch.features.distinct import counted, distinct
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, dealt_out, own_hours
from stillwatch.linking.scene import Scene

SPAN = 7 * 24  # hours
LEAST = 100  # exchanges in the span under which the variation cannot be told from chance
DAY = 24
SOFTENING = 0.03


class LoadBalancing:
    id = "load_balancing"
    key = "control"
    kind = "coordination"
    needs = frozenset({"ts"})
    claim = "the group's hourly total is even although accounts come and go (-log squared variation {value}, benign groups {expected})"
    floor = 0.3
    true_positives = (
        Rehearsal(name="twelve requests an hour, day and night", schedule=dealt_out(12), patience=0.0),
    )
    true_negatives = (Rehearsal(name="a busy office", schedule=own_hours(12.0, 0.3)),)

    def __init__(self) -> None:
        self._counts = PerAccount(np.uint16, SPAN)
        self._now = -1

    def observe(self, batch: Observed) -> None:
        hours = batch.ts // HOUR
        counts = self._counts.upto(batch.accounts)
        for hour in distinct(hours):
            if hour > self._now:
                for passed in range(max(self._now + 1, int(hour) - SPAN + 1), int(hour) + 1):
                    counts[:, passed % SPAN] = 0
                self._now = int(hour)
            if hour > self._now - SPAN:
                who, times = counted(batch.account[hours == hour])
                cell = counts[who, hour % SPAN]
                counts[who, hour % SPAN] = np.minimum(cell + times, np.iinfo(np.uint16).max)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        counts = self._counts.upto(accounts)
        total = groups.total(counts)
        order = (np.arange(self._now - SPAN + 1, self._now + 1)) % SPAN
        total = total[:, order]
        started = np.maximum.accumulate(total > 0, axis=1)
        hours = started.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total.sum(axis=1) / hours
            variance = (started * (total - mean[:, None]) ** 2).sum(axis=1) / (hours - 1)
            variation = np.maximum(variance - mean, 0) / mean**2 + SOFTENING
            error = np.sqrt(2 / hours) * (variation + 1 / mean) / variation
        few = (total.sum(axis=1) < LEAST) | (hours < DAY)
        return Measure(np.where(few, np.nan, -np.log(variation)), np.where(few, np.nan, error))


DETECTOR = LoadBalancing
