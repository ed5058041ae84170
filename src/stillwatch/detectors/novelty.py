"""A work queue never serves an item twice: no request repeats one seen before, from any account.

Sees: the share of user turns whose whole text (figures and case apart) no account has sent before.
Independent users collide on greetings, common tasks and public benchmarks; a queue covers its pile.
Cannot see: anything in populations that never repeat; a harvest that asks each item several times.
Answers: S17, S33 of the public record.
Benign work that trips it: document pipelines, writers.
Sample: `no item is asked twice (share of new items 1.00, benign groups 0.80)`.
"""

import numpy as np

from stillwatch.features.distinct import stable_order
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.means import Means
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import SMALL_TALK, Rehearsal, any_of, asking
from stillwatch.linking.scene import Scene

SLOT_BITS = 24


class Novelty:
    id = "novelty"
    key = "extraction"
    kind = "content"
    needs = frozenset({"prompt"})
    claim = "no item is asked twice (share of new items {value}, benign groups {expected})"
    floor = 0.05
    true_positives = (
        Rehearsal(
            name="a pile without repeats",
            exchange={"prompt": asking("Translate: the {0} stood by the {1} and the {2}")},
        ),
    )
    true_negatives = (
        Rehearsal(name="visitors who greet and thank", exchange={"prompt": any_of(*SMALL_TALK)}),
    )

    def __init__(self) -> None:
        self._mean = Means()
        self._seen = np.zeros(1 << SLOT_BITS, np.uint8)  # one mark a slot, the latest item's

    def observe(self, batch: Observed) -> None:
        rows = np.flatnonzero(batch.item != 0)
        slots = (batch.item[rows] >> np.uint64(64 - SLOT_BITS)).astype(np.int64)
        marks = (batch.item[rows] & np.uint64(255)).astype(np.uint8) | np.uint8(1)
        order = stable_order(slots)
        slot, mark = slots[order], marks[order]
        starts = np.append(True, slot[1:] != slot[:-1])[: len(slot)]
        before = np.concatenate([[np.uint8(0)], mark[:-1]])[: len(mark)]
        before[starts] = self._seen[slot[starts]]
        new = np.empty(len(rows))
        new[order] = mark != before
        ends = np.append(starts[1:], True)[: len(slot)]
        self._seen[slot[ends]] = mark[ends]
        self._mean.add(batch.accounts, batch.account[rows], new)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return self._mean.measure(groups, len(scene.ledger))


DETECTOR = Novelty
