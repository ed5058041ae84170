"""Accounts that come through a pool of exits: several networks, each shared by a few, none the place of all.

Sees: the share of accounts whose address, network prefix or autonomous system is over-represented in the
group against other accounts of the same country, where no place that more than half of the group uses
counts. People who gather, study or work together have one place in common; a proxy pool has many.
Cannot see: a single exit, and residential proxies with an exit a request.
Answers: S1, S15, S20, C5 of the public record.
Benign work that trips it: a firm with several offices, a gateway with a region for each customer.
Sample: `accounts come through a pool of exits, none the place of most (share of accounts 1.00, benign groups 0.08)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, each
from stillwatch.linking.scene import Scene, shared_by_excess

LOT = 0.5  # share of the group past which a key is its one common cause, not a lot


class ExitsInLots:
    id = "exits_in_lots"
    key = "control"
    kind = "place"
    needs = frozenset({"client_ip", "asn"})
    claim = "accounts come through a pool of exits, none the place of most (share of accounts {value}, benign groups {expected})"
    floor = 0.12
    true_positives = (
        Rehearsal(
            name="four exits, each of a few accounts",
            exchange={
                "asn": each(64_990, 64_991, 64_992, 64_993),
                "client_ip": each(*(f"203.0.{n}.9" for n in range(4))),
            },
        ),
    )
    true_negatives = (
        Rehearsal(
            name="a hall with one network",
            exchange={"asn": 64_999, "client_ip": "203.0.113.9", "country": "DE"},
        ),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "place", at_most=LOT))


DETECTOR = ExitsInLots
