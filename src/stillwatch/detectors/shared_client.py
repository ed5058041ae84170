"""Accounts driven by the same client: agent string, TLS fingerprint, tool list and request settings.

Sees: the share of accounts whose software facts are over-represented in the group.
Cannot see: a harness that copies the most popular client and its defaults.
Answers: S25, C6 of the public record.
Benign work that trips it: users of one app or one agent harness.
Sample: `accounts run the same client in the same settings (share of accounts 0.95, benign groups 0.4)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.scene import Scene, shared_by_excess


class SharedClient:
    id = "shared_client"
    key = "control"
    kind = "software"
    needs = frozenset({"user_agent", "ja4", "tools", "max_tokens"})
    claim = "accounts run the same client in the same settings (share of accounts {value}, benign groups {expected})"
    floor = 0.15

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "software"))


DETECTOR = SharedClient
