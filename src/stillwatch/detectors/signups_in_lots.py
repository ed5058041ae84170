"""Accounts opened in several lots: some in one night, some in another, from devices that each opened a few.

Sees: the share of accounts that share a sign-up fact with more fellows than chance gives, where no fact that
more than half of the group shares counts, nor an account that half of the group was opened within a day and
a half of. A class or a launch has one occasion; an operator restocks.
Cannot see: accounts bought one by one, and pools opened in a single night.
Answers: S14, S20, C11 of the public record.
Benign work that trips it: courses that start every month, seats provisioned in waves.
Sample: `accounts were opened by the lot, on no single occasion (share of accounts 0.99, benign groups 0.14)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import DAY, START, Rehearsal, each
from stillwatch.linking.scene import Scene, excess_of_members, opened_near, share_of_shown

LOT = 0.5  # share of the group past which a key, or a time, is its one common cause and not a lot


class SignupsInLots:
    id = "signups_in_lots"
    key = "control"
    kind = "onboarding"
    needs = frozenset({"account.created_at", "account.device_id", "account.email_domain", "account.referral"})
    claim = "accounts were opened by the lot, on no single occasion (share of accounts {value}, benign groups {expected})"
    floor = 0.12
    true_positives = (
        Rehearsal(
            name="four nights, four devices",
            account={
                "created_at": each(*(START - nights * DAY for nights in (60, 55, 48, 44))),
                "device_id": each("device 1", "device 2", "device 3", "device 4"),
            },
        ),
    )
    true_negatives = (
        Rehearsal(
            name="a class that enrolled on one morning",
            account={"created_at": START - 20 * DAY, "referral": "course-7", "email_domain": "school.test"},
        ),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        best, shown = excess_of_members(groups, scene.table, "onboarding", at_most=LOT)
        apart = opened_near(groups, scene) <= LOT * groups.sizes[groups.owner]
        return Measure(*share_of_shown(groups, np.where(apart, best, 0.0), shown))


DETECTOR = SignupsInLots
