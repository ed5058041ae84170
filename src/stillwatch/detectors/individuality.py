"""Accounts that are interchangeable in what they ask: shards of one harvest have no self.

Sees: how much more alike two occasions of one account are than occasions of two accounts of the group
(intraclass correlation of content vectors). People and products keep topics and wording for weeks;
workers on one queue draw from the same pile, so knowing the account tells nothing.
Cannot see: accounts with a single occasion; an operator that partitions its harvest by topic.
Answers: S17, S33 of the public record; MITRE ATLAS AML.T0024.002.
Benign work that trips it: one assignment dealt to a class, evaluators of one benchmark.
Sample: `two occasions of one account are no more alike than occasions of two accounts (-log correlation
3.42, benign groups 1.62)`.
"""

import numpy as np

from stillwatch.features.content import DIMENSIONS
from stillwatch.features.distinct import grouped, summed
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Observed
from stillwatch.features.occasions import Occasions
from stillwatch.linking.rehearsal import AGENTS, APPS, Rehearsal, asking
from stillwatch.linking.scene import Scene

ENOUGH = 20  # occasions after which an account weighs no more
SOFTENING = 0.02  # intraclass correlation below which differences do not matter


class Individuality:
    id = "individuality"
    key = "extraction"
    kind = "content"
    needs = frozenset({"prompt"})
    claim = "two occasions of one account are no more alike than occasions of two accounts (-log correlation {value}, benign groups {expected})"
    floor = 0.25
    true_positives = (
        Rehearsal(
            name="shards of one queue",
            exchange={"prompt": asking("Summarise what an encyclopaedia says about {0}, {1} and {2}")},
            patience=0.0,
        ),
    )
    true_negatives = (
        Rehearsal(name="customers of one app", exchange={"system": APPS[0], "user_agent": AGENTS[2]}),
    )

    def __init__(self) -> None:
        self._occasions = Occasions()
        self._sum = PerAccount(np.float64, DIMENSIONS)
        self._square = PerAccount(np.float64)
        self._count = PerAccount(np.int64)

    def observe(self, batch: Observed) -> None:
        rows = np.flatnonzero(self._occasions.opened(batch) & (batch.words > 0))
        accounts = grouped(batch.account[rows])
        vector = batch.vector[rows]
        square = (vector**2).sum(axis=1, dtype=np.float64)
        self._sum.upto(batch.accounts)[accounts.values] += summed(accounts, vector)
        self._square.upto(batch.accounts)[accounts.values] += summed(accounts, square)
        self._count.upto(batch.accounts)[accounts.values] += accounts.counts

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        total, square, count = (
            self._sum.upto(accounts),
            self._square.upto(accounts),
            self._count.upto(accounts),
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            self_similarity = ((total**2).sum(axis=1) - square) / (count * (count - 1))
            centre = np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], 0.0)
        within, error = groups.mean(self_similarity, np.minimum(count - 1, ENOUGH).clip(0).astype(float))
        size = groups.total((count > 0).astype(float))
        summed = groups.total(centre)
        with np.errstate(invalid="ignore", divide="ignore"):
            between = ((summed**2).sum(axis=1) - groups.total((centre**2).sum(axis=1))) / (size * (size - 1))
            correlation = np.clip((within - between) / (1 - between), 0, 1) + SOFTENING
            spread = error / (1 - between) / correlation
        return Measure(-np.log(correlation), spread)


DETECTOR = Individuality
