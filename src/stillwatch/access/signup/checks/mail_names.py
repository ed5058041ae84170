"""A name before the at sign that looks made by a machine.

Sees: four digits or more behind a name, unless they read as a year of birth (grade 1); a name that changes between
letters and digits three times, that is a long hexadecimal number, or has seven consonants in a row (grade 2). Needs the
address in the request; what is kept is which of these it was.
Cannot see: names put together from lists of names.
Benign work that trips it: people whose name was taken, relay addresses that hide the true one, student numbers.
"""

import numpy as np

from stillwatch.access.signup.history import History
from stillwatch.access.signup.keeping import Intake

LOOKS = ("plain", "numbered", "random")


class MailNames:
    id = "mail_names"
    family = "contact"
    needs = frozenset({"mail_look"})
    grades = 3
    weighs = True
    counts = False
    asks = ()
    claim = "the name in the mail address looks machine-made"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.grades("mail_look", LOOKS.index)

    def grade(self, history: History) -> np.ndarray:
        return history.stated(self.grades)


CHECK = MailNames
