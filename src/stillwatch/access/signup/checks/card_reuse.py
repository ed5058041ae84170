"""One payment instrument behind several sign-ups of the last 28 days.

Sees: how many accounts, to the power of two, were opened on the same instrument, as the provider fingerprints it.
Cannot see: cards used once; virtual cards, of which one account at a bank makes thousands.
Benign work that trips it: a household, a person with a private and a work account, a small firm without invoices.
An organisation that pays by invoice, or has shown who it is, is one customer and is not counted.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class CardReuse:
    id = "card_reuse"
    family = "money"
    needs = frozenset({"payment_fp"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "the payment instrument stands behind other accounts of the last 28 days"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.hashes("payment_fp")

    def grade(self, history: History) -> np.ndarray:
        return history.held()


CHECK = CardReuse
