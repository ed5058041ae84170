"""Mail names at one host that differ in their numbers alone.

Sees: the letters of a name together with its host, and how many times more, to the power of two, the last week has of
them than their share before foretells: `crawler-0017`, `crawler-0018`. Needs the address in the request; the letters
are kept keyed.
Cannot see: names with a fresh word each.
Benign work that trips it: common first names at large hosts, a lab that numbers its seats.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class MailStems:
    id = "mail_stems"
    family = "contact"
    needs = frozenset({"mail_stem"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "more sign-ups than usual have mail names that differ in their numbers alone"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.hashes("mail_stem")

    def grade(self, history: History) -> np.ndarray:
        return history.more_than_usual()


CHECK = MailStems
