"""Identities that do not agree with themselves: countries of address, payment, telephone and declaration differ.

Sees: for each account the share of pairs of known countries that differ. No country counts more than
another; disagreement is the signal, not the place.
Cannot see: identities bought to match.
Answers: S20, S23, D7 of the public record.
Benign work that trips it: travellers, expatriates, international firms, users of virtual private networks.
Sample: `countries of one identity disagree (share of pairs 0.58, benign groups 0.07)`.
"""

from itertools import combinations

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.ledger import COUNTRIES
from stillwatch.features.observed import Observed
from stillwatch.linking.scene import Scene


class RegionMismatch:
    id = "region_mismatch"
    key = "control"
    kind = "identity"
    needs = frozenset({"account.payment_country", "account.signup_country"})
    claim = "countries of one identity disagree (share of pairs {value}, benign groups {expected})"
    floor = 0.05

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the ledger holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        known, differ = np.zeros(accounts), np.zeros(accounts)
        for one, two in combinations(COUNTRIES, 2):
            a, b = scene.ledger.hashes[one].upto(accounts), scene.ledger.hashes[two].upto(accounts)
            both = (a != 0) & (b != 0)
            known += both
            differ += both & (a != b)
        with np.errstate(invalid="ignore"):
            return Measure(*groups.mean(differ / known))


DETECTOR = RegionMismatch
