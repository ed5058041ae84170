"""Accounts that pay from the same instruments, or from the same narrow families of them.

Sees: the share of a group's accounts whose card, or issuer range and kind, occurs in the group far more
often than among other accounts of the same country and age.
Cannot see: fresh cards from large issuers.
Answers: S2, S20, C11 of the public record.
Benign work that trips it: a company with one card for many seats, a reseller.
Sample: `accounts pay from the same families of instruments (share of accounts 1.00, benign groups 0.07)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import DAY, START, Rehearsal, each
from stillwatch.linking.scene import Scene, shared_by_excess


class SharedPayment:
    id = "shared_payment"
    key = "control"
    kind = "money"
    needs = frozenset({"account.payment_fp", "account.payment_bin"})
    claim = "accounts pay from the same families of instruments (share of accounts {value}, benign groups {expected})"
    floor = 0.12
    true_positives = (
        Rehearsal(
            name="cards of two rare issuers",
            account={
                "payment_bin": each("510510", "535353"),
                "payment_kind": "prepaid",
                "created_at": START - 90 * DAY,
            },
            exchange={"country": "US"},
        ),
    )
    true_negatives = (
        Rehearsal(name="students with a free week in common", account={"created_at": START - DAY}),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "money"))


DETECTOR = SharedPayment
