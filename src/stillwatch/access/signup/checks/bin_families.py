"""Cards of one issuer range and kind, more of them in the last week than their share before foretells.

Sees: how many times more, to the power of two, sign-ups pay from the same BIN and kind than the four weeks before
that week lead one to expect among as many sign-ups.
Cannot see: cards spread over large issuers; a pool that is opened over months.
Benign work that trips it: a bank's or a card app's campaign, a launch in a country with few issuers.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class BinFamilies:
    id = "bin_families"
    family = "money"
    needs = frozenset({"payment_bin", "payment_kind"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "more sign-ups than usual pay with cards of this issuer range and kind"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.both("payment_bin", "payment_kind")

    def grade(self, history: History) -> np.ndarray:
        return history.more_than_usual()


CHECK = BinFamilies
