"""A programme for scholars without an academic address, or one for start-ups with an address that anybody gets.

Sees: for `edu` and `research`, a mail domain that is not on the operator's list of academic ones; for `startup`, one that is on
the list of public hosts. Without the list there is no rule. It is no evidence: it asks for proof of the organisation.
Cannot see: lent and sold academic addresses.
Benign work that trips it: scholars of an institution that the list lacks, founders before their firm has a domain.
"""

import numpy as np

from stillwatch.access.signup.history import History
from stillwatch.access.signup.keeping import Intake
from stillwatch.access.signup.mail import listed

SCHOLARS = ("edu", "research")
FOUNDERS = ("startup",)


class ProgrammeMail:
    id = "programme_mail"
    family = "pathway"
    needs = frozenset({"programme", "email_domain"})
    grades = 2
    weighs = False
    counts = False
    asks = (0, 2)
    claim = "the mail domain is not one of those the programme is for"

    def keep(self, intake: Intake) -> np.ndarray:
        academic, public = listed(intake.terms.academic_mail), listed(intake.terms.public_mail)
        scholar = intake.one_of("programme", *SCHOLARS) & bool(academic)
        founder = intake.one_of("programme", *FOUNDERS) & bool(public)
        of_scholars = intake.grades("email_domain", lambda domain: int(not academic.has(domain)))
        of_founders = intake.grades("email_domain", lambda domain: int(public.has(domain)))
        return np.select([scholar, founder], [of_scholars, of_founders], np.uint64(0))

    def grade(self, history: History) -> np.ndarray:
        return history.stated(self.grades)


CHECK = ProgrammeMail
