"""Identities that cost little and bind nobody: prepaid or virtual payment, no organisation, no verification.

Sees: for each account the share of commitments it lacks: a lasting payment instrument, an organisation, a
verification level of two or more, a programme's admission. Unknown facts do not count.
Cannot see: stolen or bought identities of full standing.
Answers: S20, C4, C11, D3 of the public record.
Benign work that trips it: students, privacy-minded users, first-day users.
Sample: `accounts commit to nothing (share of commitments lacking 0.94, benign groups 0.55)`.
"""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.scene import Scene

FLEETING = ("prepaid", "virtual")
VERIFIED = 2  # kyc_level from which an identity was checked against evidence


class ThrowawayIdentity:
    id = "throwaway_identity"
    key = "control"
    kind = "identity"
    needs = frozenset({"account.payment_kind", "account.kyc_level"})
    claim = "accounts commit to nothing (share of commitments lacking {value}, benign groups {expected})"
    floor = 0.06

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the ledger holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        ledger, accounts = scene.ledger, len(scene.ledger)
        kind, level = ledger.hashes["payment_kind"].upto(accounts), ledger.kyc_level.upto(accounts)
        fleeting = np.isin(kind, [ledger.hash_of("payment_kind", name) for name in FLEETING])
        known = ledger.known.upto(accounts).astype(float)
        asked = known + (kind != 0) + (level >= 0)
        lacking = (
            known * (ledger.hashes["org_id"].upto(accounts) == 0)
            + fleeting
            + ((level >= 0) & (level < VERIFIED))
        )
        with np.errstate(invalid="ignore"):
            return Measure(*groups.mean(lacking / asked))


DETECTOR = ThrowawayIdentity
