"""Sign-ups that pay from one issuer range and kind come faster today than they use to.

Sees: within a day, counted from midnight and from noon in UTC, the evidence that cards of one BIN and kind come above
their usual share of sign-ups, in powers of ten. It is a sequential test: at grade g, fewer than 2 in 10^g periods of a
key that keeps its usual share get there by chance.
Cannot see: the first accounts of a burst; a burst that many issuers share.
Benign work that trips it: a launch in a country with few issuers, a bank's campaign.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class BinBursts:
    id = "bin_bursts"
    family = "money"
    needs = frozenset({"payment_bin", "payment_kind"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "sign-ups with cards of this issuer range and kind come faster than usual"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.both("payment_bin", "payment_kind")

    def grade(self, history: History) -> np.ndarray:
        return history.burst()


CHECK = BinBursts
