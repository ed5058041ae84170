"""Sign-ups by one referral code come faster today than they use to.

Sees: as `bin_bursts`, for referral codes.
Cannot see: the first accounts of a burst; accounts that name no code.
Benign work that trips it: a launch, a video, a hackathon, a newsletter: whatever a code is given out for.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class ReferralBursts:
    id = "referral_bursts"
    family = "timing"
    needs = frozenset({"referral"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "sign-ups by this referral come faster than usual"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.hashes("referral")

    def grade(self, history: History) -> np.ndarray:
        return history.burst()


CHECK = ReferralBursts
