"""Accounts that are many people at once: a pool through which strangers' requests are pushed.

Sees: how unlike each other the occasions of one account are. The texts of a relay are real users' and tell
nothing one by one; an account that is a random mixture of people has no topics of its own.
Cannot see: a relay that ties each of its users to one account.
Answers: S15, S23, S25, S28 of the public record.
Benign work that trips it: gateways and resellers that pool their customers.
Sample: `each account is many people: its occasions are unlike each other (dissimilarity 0.90, benign groups
0.73)`.
"""

import numpy as np

from stillwatch.features.content import DIMENSIONS
from stillwatch.features.distinct import grouped, summed
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Observed
from stillwatch.features.occasions import Occasions
from stillwatch.linking.rehearsal import AGENTS, APPS, Rehearsal, strangers
from stillwatch.linking.scene import Scene

ENOUGH = 20  # occasions after which an account weighs no more


class Relay:
    id = "relay"
    key = "extraction"
    kind = "content"
    needs = frozenset({"prompt"})
    claim = "each account is many people: its occasions are unlike each other (dissimilarity {value}, benign groups {expected})"
    floor = 0.03
    true_positives = (
        Rehearsal(name="accounts behind which strangers queue", exchange={"prompt": strangers}),
    )
    true_negatives = (
        Rehearsal(name="customers of one app", exchange={"system": APPS[0], "user_agent": AGENTS[2]}),
    )

    def __init__(self) -> None:
        self._occasions = Occasions()
        self._sum = PerAccount(np.float64, DIMENSIONS)
        self._count = PerAccount(np.int64)

    def observe(self, batch: Observed) -> None:
        rows = np.flatnonzero(self._occasions.opened(batch) & (batch.words > 0))
        accounts = grouped(batch.account[rows])
        self._sum.upto(batch.accounts)[accounts.values] += summed(accounts, batch.vector[rows])
        self._count.upto(batch.accounts)[accounts.values] += accounts.counts

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        total, count = self._sum.upto(accounts), self._count.upto(accounts)
        with np.errstate(invalid="ignore", divide="ignore"):
            similarity = ((total**2).sum(axis=1) - count) / (count * (count - 1))
        mean, error = groups.mean(similarity, np.minimum(count - 1, ENOUGH).clip(0).astype(float))
        return Measure(1 - mean, error)


DETECTOR = Relay
