"""Accounts driven by the same client: agent string, TLS fingerprint, tool list and request settings.

Sees: the share of accounts whose software facts are over-represented in the group.
Cannot see: a harness that copies the most popular client and its defaults.
Answers: S25, C6 of the public record.
Benign work that trips it: users of one app or one agent harness.
Sample: `accounts run the same client in the same settings (share of accounts 0.95, benign groups 0.33)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal
from stillwatch.linking.scene import Scene, shared_by_excess


class SharedClient:
    id = "shared_client"
    key = "control"
    kind = "software"
    needs = frozenset({"user_agent", "ja4", "tools", "max_tokens"})
    claim = "accounts run the same client in the same settings (share of accounts {value}, benign groups {expected})"
    floor = 0.15
    true_positives = (
        Rehearsal(
            name="one harness in one setting",
            exchange={
                "user_agent": "harvester",
                "ja4": "t13d99",
                "tools": ["fetch", "store"],
                "max_tokens": 31_000,
            },
        ),
    )
    true_negatives = (
        Rehearsal(
            name="an office, each at the client of their choice",
            exchange={"asn": 64_999, "client_ip": "203.0.113.9"},
        ),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "software"))


DETECTOR = SharedClient
