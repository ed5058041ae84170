"""Identities that do not agree with themselves: countries of address, payment, telephone and declaration differ.

Sees: for each account how many countries its identity names beyond the first: none 0, one 0.5, two or more
1. No country counts more than another; disagreement is the signal, not the place. What is not known
never adds one.
Cannot see: identities bought to match.
Answers: S20, S23, D7 of the public record.
Benign work that trips it: travellers, expatriates, international firms, users of virtual private networks.
Sample: `countries of one identity disagree (0 one country, 0.5 two, 1 more: mean 0.88, benign groups
0.06)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.ledger import COUNTRIES
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, any_of
from stillwatch.linking.scene import Scene

MOST = 2  # countries beyond the first that count: a third differing fact says no more


class RegionMismatch:
    id = "region_mismatch"
    key = "control"
    kind = "identity"
    needs = frozenset({"account.payment_country", "account.signup_country"})
    claim = "countries of one identity disagree (0 one country, 0.5 two, 1 more: mean {value}, benign groups {expected})"
    floor = 0.05
    true_positives = (
        Rehearsal(
            name="countries picked at random",
            account=dict.fromkeys(
                ("payment_country", "signup_country", "phone_country", "declared_country"),
                any_of("AR", "FI", "KE", "NZ", "TH"),
            ),
        ),
    )
    true_negatives = (
        Rehearsal(name="travellers", exchange={"country": any_of("AR", "FI", "KE", "NZ", "TH")}),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the ledger holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        hashes = np.stack([scene.ledger.hashes[name].upto(accounts) for name in COUNTRIES])
        hashes.sort(axis=0)
        named = (
            np.diff(hashes, axis=0, prepend=np.zeros((1, accounts), np.uint64)) != 0
        )  # unknown is 0 and comes first
        countries = named.sum(axis=0)
        beyond = np.minimum(countries - 1, MOST) / MOST
        return Measure(*groups.mean(np.where(countries > 0, beyond, np.nan)))


DETECTOR = RegionMismatch
