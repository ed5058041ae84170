"""Mail names of one form at one host, more of them in the last week than their share before foretells.

Sees: the form of a name, with each word as one sign and each digit as another (`a.a9999`), together with its host, and
how many times more, to the power of two, the last week has of it. Needs the address in the request; the form is kept
keyed.
Cannot see: a pool that takes its names from several generators, or from people.
Benign work that trips it: a school or firm that names its addresses by one rule and signs up together.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class MailShapes:
    id = "mail_shapes"
    family = "contact"
    needs = frozenset({"mail_shape"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "more sign-ups than usual have mail names of this form at this host"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.hashes("mail_shape")

    def grade(self, history: History) -> np.ndarray:
        return history.more_than_usual()


CHECK = MailShapes
