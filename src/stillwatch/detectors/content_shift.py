"""Traffic whose mix of capabilities is not the population's: a group that came for something particular.

Sees: the distance between the group's mean capability shares and the population's, unbiased (the linear
two-sample statistic of Gretton et al. 2012 over capability shares, the account as the unit). A window
is the whole group since it appeared, never one account: at twenty exchanges a day no account fills one.
Cannot see: relayed traffic of real users, which is in distribution.
Answers: S10, S16, S17, S18, S26, S31 of the public record.
Benign work that trips it: any product with one purpose.
Sample: `the mix of capabilities is far from the population's (log distance -0.16, benign groups -3.50)`.
"""

import numpy as np

from stillwatch.features.distinct import grouped, summed
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, asking
from stillwatch.linking.scene import Scene
from stillwatch.records import CAPABILITIES

FEW = 3  # accounts
SOFTENING = 0.02  # squared distance under which differences do not matter


class ContentShift:
    id = "content_shift"
    key = "extraction"
    kind = "asks"
    needs = frozenset({"prompt", "tools"})
    claim = "the mix of capabilities is far from the population's (log distance {value}, benign groups {expected})"
    floor = 0.3
    true_positives = (
        Rehearsal(
            name="a queue of programming tasks",
            exchange={
                "prompt": asking("Implement a C++ class for {0} with {1} and {2}, and unit tests for it")
            },
        ),
    )
    true_negatives = (Rehearsal(name="people with the habits of everybody"),)

    def __init__(self) -> None:
        self._sum = PerAccount(np.float64, len(CAPABILITIES))
        self._count = PerAccount(np.int64)

    def observe(self, batch: Observed) -> None:
        rows = np.flatnonzero((batch.words > 0) | (batch.tools != 0))
        accounts = grouped(batch.account[rows])
        self._sum.upto(batch.accounts)[accounts.values] += summed(accounts, batch.capability[rows])
        self._count.upto(batch.accounts)[accounts.values] += accounts.counts

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        count = self._count.upto(accounts)
        mean = self._sum.upto(accounts) / np.maximum(count, 1)[:, None]
        seen = count > 0
        centred = np.where(seen[:, None], mean - mean[seen].mean(axis=0), 0.0) if seen.any() else mean
        size = groups.total(seen.astype(float))
        total, squares = groups.total(centred), groups.total((centred**2).sum(axis=1))
        with np.errstate(invalid="ignore", divide="ignore"):
            distance = ((total**2).sum(axis=1) - squares) / (size * (size - 1))
            error = np.sqrt(2) * squares / size / size / (np.maximum(distance, 0) + SOFTENING)
        few = size < FEW
        value = np.log(np.maximum(distance, 0) + SOFTENING)
        return Measure(np.where(few, np.nan, value), np.where(few, np.nan, error))


DETECTOR = ContentShift
