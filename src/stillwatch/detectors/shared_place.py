"""Accounts that reach the service from the same few networks.

Sees: the share of accounts whose address, network prefix or autonomous system is over-represented in the
group against other accounts of the same country.
Cannot see: residential proxies with an exit a request.
Answers: S1, C3, C5 of the public record.
Benign work that trips it: a campus, an office, carrier-grade address translation, an app with one egress.
Sample: `accounts come from the same networks (share of accounts 1.00, benign groups 0.08)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import AGENTS, APPS, Rehearsal
from stillwatch.linking.scene import Scene, shared_by_excess


class SharedPlace:
    id = "shared_place"
    key = "control"
    kind = "place"
    needs = frozenset({"client_ip", "asn"})
    claim = "accounts come from the same networks (share of accounts {value}, benign groups {expected})"
    floor = 0.15
    true_positives = (
        Rehearsal(
            name="a rack in one network",
            exchange={"asn": 64_999, "client_ip": "203.0.113.9", "country": "DE"},
        ),
    )
    true_negatives = (
        Rehearsal(
            name="customers of one app on their own networks",
            exchange={"system": APPS[0], "user_agent": AGENTS[2]},
        ),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "place"))


DETECTOR = SharedPlace
