"""A prepaid or virtual card: money that binds nobody.

Sees: the kind of the payment instrument, as the processor reports it.
Cannot see: prepaid cards that a processor reports as debit; stolen cards of full standing.
Benign work that trips it: students, people without a bank, and whoever keeps a card for trials.
"""

import numpy as np

from stillwatch.access.signup.history import History
from stillwatch.access.signup.keeping import Intake

FLEETING = ("prepaid", "virtual")


class FleetingPayment:
    id = "fleeting_payment"
    family = "money"
    needs = frozenset({"payment_kind"})
    grades = 2
    weighs = True
    counts = False
    asks = ()
    claim = "payment is prepaid or virtual"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.grades("payment_kind", lambda kind: int(kind in FLEETING))

    def grade(self, history: History) -> np.ndarray:
        return history.stated(self.grades)


CHECK = FleetingPayment
