"""A second programme account of one identity.

Sees: how many sign-ups to `edu`, `research` and `startup` of the last 28 days show one identity token; one is allowed.
It is no evidence: it asks for another proof.
Cannot see: identities that were not checked, or were bought for the purpose.
Benign work that trips it: a person who begins anew after losing an account, a scholar with a firm.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake

PROGRAMMES = ("edu", "research", "startup")


class ProgrammeIdentity:
    id = "programme_identity"
    family = "pathway"
    needs = frozenset({"programme", "identity_token"})
    grades = LOUDEST + 1
    weighs = False
    counts = True
    asks = (0, 2)
    claim = "the identity has another programme account"

    def keep(self, intake: Intake) -> np.ndarray:
        return np.where(
            intake.one_of("programme", *PROGRAMMES), intake.hashes("identity_token"), np.uint64(0)
        )

    def grade(self, history: History) -> np.ndarray:
        return history.held()


CHECK = ProgrammeIdentity
