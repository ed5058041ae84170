"""One group that comes in by many doors: API, app, cloud resale, programmes.

Sees: the entropy of pathways over a group's accounts (each by its first known pathway).
Cannot see: logs of a single pathway.
Answers: S7, S15, S30, C8 of the public record.
Benign work that trips it: one firm that uses both app and API.
Sample: `accounts come in by several pathways (entropy 1.39 nats, benign groups 0.54)`.
"""

import numpy as np

from stillwatch.features.distinct import grouped
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, each
from stillwatch.linking.scene import Scene

FEW = 3  # accounts
PATHWAYS = 24  # distinct pathways told apart; later ones share the last place


class PathwaySpread:
    id = "pathway_spread"
    key = "control"
    kind = "pathways"
    needs = frozenset({"pathway"})
    claim = "accounts come in by several pathways (entropy {value} nats, benign groups {expected})"
    floor = 0.15
    true_positives = (
        Rehearsal(name="four doors", exchange={"pathway": each("api", "app", "cloud:north", "edu")}),
    )
    true_negatives = (Rehearsal(name="an integrator on the API", exchange={"pathway": "api"}),)

    def __init__(self) -> None:
        self._pathway = PerAccount(np.int16, empty=-1)

    def observe(self, batch: Observed) -> None:
        pathway = self._pathway.upto(batch.accounts)
        accounts = grouped(batch.account[batch.pathway >= 0])
        account = accounts.values
        code = np.minimum(batch.pathway[batch.pathway >= 0][accounts.first], PATHWAYS - 1)
        fresh = pathway[account] < 0
        pathway[account[fresh]] = code[fresh]

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        pathway = self._pathway.upto(len(scene.ledger))
        table = (pathway[:, None] == np.arange(PATHWAYS)).astype(float)
        held = groups.total(table)
        size = held.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = held / size[:, None]
            entropy = -np.where(held > 0, share * np.log(share), 0.0).sum(axis=1)
            error = 1 / np.sqrt(size)
        few = size < FEW
        return Measure(np.where(few, np.nan, entropy), np.where(few, np.nan, error))


DETECTOR = PathwaySpread
