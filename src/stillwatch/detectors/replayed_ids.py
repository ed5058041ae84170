"""Ids this provider minted for one account come back under another: one operator holds both ends.

Sees: the share of accounts that sent back a tool-call, response or reasoning id which another account of
the log also sent back, or that share a session or conversation id. Where a gateway mints ids, also that it went on
with conversations of other accounts: handovers that no published transcript and no single act of sharing explains.
Cannot see: operators that strip ids.
Answers: S24, S23, S26, S27 of the public record.
Benign work that trips it: a saved chat resumed under a colleague's account.
Sample: `ids minted for one account come back under another (share of accounts 1.00, benign groups 0.00)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, any_of
from stillwatch.linking.scene import Scene, shared_by_excess


class ReplayedIds:
    id = "replayed_ids"
    key = "control"
    kind = "flow"
    needs = frozenset({"replayed_ids"})
    claim = "ids minted for one account come back under another (share of accounts {value}, benign groups {expected})"
    floor = 0.05
    true_positives = (
        Rehearsal(
            name="tool calls of a pool", exchange={"replayed_ids": any_of(["call-1"], ["call-2"], ["call-3"])}
        ),
    )
    true_negatives = (
        Rehearsal(
            name="agents that go on with their own calls",
            exchange={"replayed_ids": lambda moment: [f"call-{moment.who}-{moment.number}"]},
        ),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        share, _ = shared_by_excess(groups, scene.table, "flow")
        size = groups.sizes
        shows = groups.total(scene.table.shows("flow"))
        value = np.nan_to_num(share) * shows / np.maximum(size, 1)
        seen = scene.table.shows("flow").any()
        return Measure(np.where(seen, value, np.nan), 1 / np.sqrt(size + 4.0) / 2)


DETECTOR = ReplayedIds
