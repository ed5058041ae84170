"""Accounts opened together: in the same hours, from one device or network, by one mail pattern or referral.

Sees: the share of accounts that share a sign-up fact with far more fellows than chance gives.
Cannot see: accounts bought one by one over months.
Answers: S20, C11 of the public record.
Benign work that trips it: a class, a hackathon, a launch, seats provisioned by a company.
Sample: `accounts were opened together (share of accounts 0.99, benign groups 0.14)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import DAY, START, Rehearsal
from stillwatch.linking.scene import Scene, shared_by_excess


class SignupCohort:
    id = "signup_cohort"
    key = "control"
    kind = "onboarding"
    needs = frozenset({"account.created_at", "account.device_id", "account.email_domain", "account.referral"})
    claim = "accounts were opened together (share of accounts {value}, benign groups {expected})"
    floor = 0.15
    true_positives = (
        Rehearsal(
            name="opened in one night by one referral",
            account={"created_at": START - 60 * DAY, "referral": "partner-7"},
        ),
    )
    true_negatives = (
        Rehearsal(name="an office on one network", exchange={"asn": 64_999, "client_ip": "203.0.113.9"}),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "onboarding"))


DETECTOR = SignupCohort
