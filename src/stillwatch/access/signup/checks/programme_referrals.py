"""More programme accounts by one referral than the operator allows.

Sees: how many sign-ups to `edu`, `research` and `startup` named a referral in the last 28 days; grade 1 begins above the limit,
each further one at twice as many. Without a limit there is no rule. It is no evidence: it asks for a level.
Cannot see: accounts that name no referral.
Benign work that trips it: a course larger than the limit; ask its teacher for one organisation instead.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History, octaves
from stillwatch.access.signup.keeping import Intake

PROGRAMMES = ("edu", "research", "startup")


class ProgrammeReferrals:
    id = "programme_referrals"
    family = "pathway"
    needs = frozenset({"programme", "referral"})
    grades = LOUDEST + 1
    weighs = False
    counts = True
    asks = (0, 1, 2)
    claim = "more programme accounts than allowed came by this referral"

    def keep(self, intake: Intake) -> np.ndarray:
        return np.where(intake.one_of("programme", *PROGRAMMES), intake.hashes("referral"), np.uint64(0))

    def grade(self, history: History) -> np.ndarray:
        limit = history.terms.referral_limit
        if limit is None:
            return np.zeros(len(history.kept), np.int8)
        return octaves(2 * history.holders() / (limit + 1))


CHECK = ProgrammeReferrals
