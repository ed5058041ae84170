"""A mail address of a host that gives them away by the minute.

Sees: domains of the packaged list (disposable-email-domains) and of the operator's own, and all below them.
Cannot see: a host too new for any list; private domains made for the purpose.
Benign work that trips it: people who shield their address from advertisers, testers.
"""

from functools import cache

import numpy as np

from stillwatch.access.signup.history import History
from stillwatch.access.signup.keeping import Intake
from stillwatch.access.signup.mail import Domains, listed
from stillwatch.records import InvalidConfiguration

MISSING = (
    "the list of disposable mail hosts is one of the packages of `access`: pip install 'stillwatch[access]'"
)


@cache
def packaged_list() -> Domains:
    try:
        from disposable_email_domains import blocklist  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise InvalidConfiguration(MISSING) from error
    return Domains(blocklist)


class DisposableMail:
    id = "disposable_mail"
    family = "contact"
    needs = frozenset({"email_domain"})
    grades = 2
    weighs = True
    counts = False
    asks = ()
    claim = "the mail host gives addresses away by the minute"

    def keep(self, intake: Intake) -> np.ndarray:
        packaged, terms = packaged_list(), intake.terms
        own, lasting = listed(terms.disposable_mail), listed(terms.lasting_mail)

        def disposable(domain: str) -> int:
            return int(not lasting.has(domain) and (own.has(domain) or packaged.has(domain)))

        return intake.grades("email_domain", disposable)

    def grade(self, history: History) -> np.ndarray:
        return history.stated(self.grades)


CHECK = DisposableMail
