"""Identities that cost little and bind nobody: prepaid or virtual payment, no organisation, no verification.

Sees: for each account the share of three commitments it lacks: a lasting payment instrument, an
organisation, a verification level of two or more. What the log does not say counts as there.
Cannot see: stolen or bought identities of full standing.
Answers: S20, C4, C11, D3 of the public record.
Benign work that trips it: students, privacy-minded users, first-day users.
Sample: `accounts commit to nothing (share of commitments lacking 1.00, benign groups 0.52)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import HOUR, Rehearsal
from stillwatch.linking.scene import Scene

FLEETING = ("prepaid", "virtual")
COMMITMENTS = 3
VERIFIED = 2  # kyc_level from which an identity was checked against evidence


class ThrowawayIdentity:
    id = "throwaway_identity"
    key = "control"
    kind = "identity"
    needs = frozenset({"account.payment_kind", "account.kyc_level"})
    claim = "accounts commit to nothing (share of commitments lacking {value}, benign groups {expected})"
    floor = 0.06
    true_positives = (
        Rehearsal(
            name="prepaid, unverified, of no organisation",
            account={"payment_kind": "prepaid", "kyc_level": 0, "org_id": None},
        ),
    )
    true_negatives = (
        Rehearsal(name="first-day users", account={"created_at": lambda first: first.ts - HOUR}),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the ledger holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        ledger, accounts = scene.ledger, len(scene.ledger)
        kind, level = ledger.hashes["payment_kind"].upto(accounts), ledger.kyc_level.upto(accounts)
        fleeting = np.isin(kind, [ledger.hash_of("payment_kind", name) for name in FLEETING])
        known = ledger.known.upto(accounts)
        organisation = ledger.hashes["org_id"].upto(accounts)
        alone = (organisation == 0) & bool(
            (organisation != 0).any()
        )  # a log without any organisation does not tell
        lacking = fleeting.astype(float) + alone + ((level >= 0) & (level < VERIFIED))
        return Measure(*groups.mean(np.where(known, lacking / COMMITMENTS, np.nan)))


DETECTOR = ThrowawayIdentity
