"""Accounts opened together: in the same hours, from one device or network, by one mail pattern or referral.

Sees: the share of accounts that share a sign-up fact with far more fellows than chance gives.
Cannot see: accounts bought one by one over months.
Answers: S20, C11 of the public record.
Benign work that trips it: a class, a hackathon, a launch, seats provisioned by a company.
Sample: `accounts were opened together (share of accounts 0.77, benign groups 0.12)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.scene import Scene, shared_by_excess


class SignupCohort:
    id = "signup_cohort"
    key = "control"
    kind = "onboarding"
    needs = frozenset({"account.created_at"})
    claim = "accounts were opened together (share of accounts {value}, benign groups {expected})"
    floor = 0.15

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "onboarding"))


DETECTOR = SignupCohort
