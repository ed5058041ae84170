"""One telephone number behind several accounts of the last 28 days.

Sees: how many, to the power of two.
Cannot see: numbers rented once each.
Benign work that trips it: a household, a firm with one number for all its accounts.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class PhoneReuse:
    id = "phone_reuse"
    family = "contact"
    needs = frozenset({"phone_hash"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "the telephone number stands behind other accounts of the last 28 days"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.hashes("phone_hash")

    def grade(self, history: History) -> np.ndarray:
        return history.held()


CHECK = PhoneReuse
