"""An identity that already stands for another organisation.

Sees: for how many other organisations the identity was shown in the last 90 days, as `Identities` counts by keyed tokens.
Cannot see: bought or borrowed identities that are used once; what was shown to other providers.
Benign work that trips it: consultants and founders of two firms. They are asked for the firm's registry number instead.
"""

import numpy as np

from stillwatch.access.signup.history import History
from stillwatch.access.signup.keeping import Intake


class IdentityReuse:
    id = "identity_reuse"
    family = "identity"
    needs = frozenset({"identity_claims"})
    grades = 3
    weighs = True
    counts = False
    asks = (0, 3)
    claim = "the identity stands for another organisation of the last 90 days"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.numbers("identity_claims")

    def grade(self, history: History) -> np.ndarray:
        return history.stated(self.grades)


CHECK = IdentityReuse
