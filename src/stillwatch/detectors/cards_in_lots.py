"""Accounts that pay from several instruments or issuers, each shared by a few of them: cards bought by the lot.

Sees: the share of a group's accounts whose card, or issuer range and kind, is over-represented in the group,
where no card or range that more than half of the group holds counts. A company or a promotion has one.
Cannot see: fresh cards from large issuers, and operators with a single card.
Answers: S2, S20, C11 of the public record.
Benign work that trips it: a company with a card for each department.
Sample: `cards come by the lot, none serves most accounts (share of accounts 1.00, benign groups 0.07)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import DAY, START, Rehearsal, each
from stillwatch.linking.scene import Scene, shared_by_excess

LOT = 0.5  # share of the group past which a key is its one common cause, not a lot


class CardsInLots:
    id = "cards_in_lots"
    key = "control"
    kind = "money"
    needs = frozenset({"account.payment_fp", "account.payment_bin"})
    claim = "cards come by the lot, none serves most accounts (share of accounts {value}, benign groups {expected})"
    floor = 0.12
    true_positives = (
        Rehearsal(
            name="four cards, each of a few accounts",
            account={
                "payment_fp": each("card 1", "card 2", "card 3", "card 4"),
                "created_at": START - 90 * DAY,
            },
            exchange={"country": "US"},
        ),
    )
    true_negatives = (
        Rehearsal(
            name="a company with one card",
            account={"payment_fp": "card of the firm", "payment_bin": "510510", "payment_kind": "credit"},
        ),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "money", at_most=LOT))


DETECTOR = CardsInLots
