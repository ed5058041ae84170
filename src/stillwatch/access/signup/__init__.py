"""Sign-up checks: who among new accounts looks like one of many that one operator makes.

`stillwatch.access.signup.identities` is apart, since it needs a store of cases.
"""

from stillwatch.access.signup.assessment import CODE, LEVELS, Assessment, SignupEvidence, SignupFinding
from stillwatch.access.signup.checks import Check, Family, catalogue
from stillwatch.access.signup.desk import SignupDesk
from stillwatch.access.signup.families import FAMILIES
from stillwatch.access.signup.records import SIGNUPS, SignupRequest, as_signups, signup_records
from stillwatch.access.signup.terms import Terms, load_terms

__all__ = [
    "CODE",
    "FAMILIES",
    "LEVELS",
    "SIGNUPS",
    "Assessment",
    "Check",
    "Family",
    "SignupDesk",
    "SignupEvidence",
    "SignupFinding",
    "SignupRequest",
    "Terms",
    "as_signups",
    "catalogue",
    "load_terms",
    "signup_records",
]
