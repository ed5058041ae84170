"""Requests stripped of what others carry: no agent, no language, no TLS fingerprint, no session.

Sees: for each account the share of six client facts (user agent, accepted language, TLS fingerprint, session,
conversation, country) that are missing from its exchanges although the log usually has them.
Cannot see: metadata forged to look ordinary.
Answers: C5, C6 of the public record.
Benign work that trips it: privacy proxies, bare scripts.
Sample: `client facts others carry are missing (share 0.67, benign groups 0.04)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, each
from stillwatch.linking.scene import Scene
from stillwatch.records import EXCHANGES

FACTS = ("user_agent", "accept_language", "ja4", "session_id", "conversation_id", "country")
USUAL = 0.3  # share of exchanges that carry a fact before its absence says anything


class SanitisedMetadata:
    id = "sanitised_metadata"
    key = "control"
    kind = "identity"
    needs = frozenset({"user_agent"})
    claim = "client facts others carry are missing (share {value}, benign groups {expected})"
    floor = 0.1
    true_positives = (
        Rehearsal(
            name="requests without a face",
            exchange=dict.fromkeys(("user_agent", "ja4", "accept_language", "session_id")),
        ),
    )
    true_negatives = (
        Rehearsal(
            name="people half of whom send no language", exchange={"accept_language": each(None, "de")}
        ),
    )

    def __init__(self) -> None:
        self._there = PerAccount(np.float64, len(FACTS))

    def observe(self, batch: Observed) -> None:
        there = self._there.upto(batch.accounts)
        for column, fact in enumerate(FACTS):
            bit = np.uint64(EXCHANGES.get_field_index(fact))
            np.add.at(there[:, column], batch.account, ((batch.present >> bit) & np.uint64(1)).astype(float))

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        there = self._there.upto(len(scene.ledger))
        usual = there.sum(axis=0) > USUAL * max(scene.exchanges.sum(), 1)
        if not usual.any():
            return Measure(np.full(len(groups), np.nan), np.full(len(groups), np.nan))
        with np.errstate(invalid="ignore", divide="ignore"):
            missing = (usual.sum() - there[:, usual].sum(axis=1) / scene.exchanges) / len(FACTS)
        return Measure(*groups.mean(np.where(scene.exchanges > 0, missing, np.nan)))


DETECTOR = SanitisedMetadata
