"""A number that rings nowhere in particular: voice over IP, a personal or service number, or prepaid.

Sees: by the numbering plan of its country, without asking anybody, whether a number is of the net, personal, toll-free or
at a premium (grade 1). Prepaid is seen only where the provider's own carrier look-up says `prepaid`. Needs the number
in the request, or the column `phone_kind`.
Cannot see: numbers of the net in countries whose plan does not tell, among them the United States and Canada; rented
mobile numbers.
Benign work that trips it: people who have no other telephone; a firm that gives its switchboard. Prepaid is the rule in
many countries, and weighs little there because it is common.
"""

import numpy as np

from stillwatch.access.signup.history import History
from stillwatch.access.signup.keeping import Intake

FLEETING = ("virtual", "service", "prepaid")


class PhoneKinds:
    id = "phone_kinds"
    family = "contact"
    needs = frozenset({"phone_kind"})
    grades = 2
    weighs = True
    counts = False
    asks = ()
    claim = "the telephone number is virtual, of a service or prepaid"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.grades("phone_kind", lambda kind: int(kind in FLEETING))

    def grade(self, history: History) -> np.ndarray:
        return history.stated(self.grades)


CHECK = PhoneKinds
