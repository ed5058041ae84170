"""Accounts that work at full rate from their first hours: nobody tried the product out.

Sees: how soon after its creation an account sends its first exchange.
Cannot see: aged accounts, bought or parked.
Answers: C2, C4 of the public record.
Benign work that trips it: migration from another provider, a class, a hackathon.
Sample: `accounts are put to work as soon as they exist (-log days from creation to use 2.76, benign groups
-4.40)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.ledger import HOUR, NEVER
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import START, Rehearsal
from stillwatch.linking.scene import Scene

DAY = 24 * HOUR


class NoRamp:
    id = "no_ramp"
    key = "extraction"
    kind = "habits"
    needs = frozenset({"account.created_at"})
    claim = "accounts are put to work as soon as they exist (-log days from creation to use {value}, benign groups {expected})"
    floor = 0.3
    true_positives = (
        Rehearsal(name="used within the hour", account={"created_at": lambda first: first.ts - HOUR // 2}),
    )
    true_negatives = (
        Rehearsal(name="opened last year, used when needed", account={"created_at": START - 200 * DAY}),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the scene holds first uses, the ledger creation."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        created = scene.ledger.created.upto(accounts)
        known = (created >= 0) & (scene.first < NEVER)
        delay = np.maximum(scene.first - created, 0) / DAY
        return Measure(*groups.mean(np.where(known, -np.log(delay + 1 / 24), np.nan)))


DETECTOR = NoRamp
