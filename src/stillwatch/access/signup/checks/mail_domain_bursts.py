"""Sign-ups with addresses of one mail domain come faster today than they use to.

Sees: as `bin_bursts`, for mail domains. A large host has a large usual share and does not trip it by its size.
Cannot see: the first accounts of a burst; a pool of addresses at the large hosts.
Benign work that trips it: a school or a firm that signs up together.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class MailDomainBursts:
    id = "mail_domain_bursts"
    family = "timing"
    needs = frozenset({"email_domain"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "sign-ups of this mail domain come faster than usual"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.hashes("email_domain")

    def grade(self, history: History) -> np.ndarray:
        return history.burst()


CHECK = MailDomainBursts
