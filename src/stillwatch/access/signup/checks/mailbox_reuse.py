"""One mailbox behind several accounts of the last 28 days.

Sees: how many, to the power of two. With the address in the request, aliases of one mailbox (a tag after a plus, dots
at Gmail) are told to be one; without it, the address as the provider hashed it.
Cannot see: a mailbox that catches all names of a domain.
Benign work that trips it: a person with a second account, a shared mailbox of a firm, a tester.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class MailboxReuse:
    id = "mailbox_reuse"
    family = "contact"
    needs = frozenset({"email_hash", "mailbox"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "the mailbox stands behind other accounts of the last 28 days"

    def keep(self, intake: Intake) -> np.ndarray:
        mailbox, address = intake.hashes("mailbox"), intake.hashes("email_hash")
        return np.where(mailbox != 0, mailbox, address)

    def grade(self, history: History) -> np.ndarray:
        return history.held()


CHECK = MailboxReuse
