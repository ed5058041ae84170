"""How many days each account was active."""

import numpy as np

from stillwatch.features.distinct import distinct
from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR
from stillwatch.features.observed import Observed

DAY = 24 * HOUR


class ActiveDays:
    """Counts distinct UTC days with an exchange, per account."""

    def __init__(self) -> None:
        self._days = PerAccount(np.int64)
        self._last = PerAccount(np.int64, empty=-1)

    def observe(self, batch: Observed) -> None:
        last, days = self._last.upto(batch.accounts), self._days.upto(batch.accounts)
        cells = distinct(batch.ts // DAY * batch.accounts + batch.account)
        days_of, account = np.divmod(cells, batch.accounts)
        for day in distinct(days_of):
            who = account[days_of == day]
            who = who[last[who] < day]
            days[who] += 1
            last[who] = day

    def upto(self, accounts: int) -> np.ndarray:
        """Active days of the first `accounts` accounts, int64."""
        return self._days.upto(accounts)
