"""How many days each account was active."""

import numpy as np

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
        cell = np.unique(np.stack([batch.ts // DAY, batch.account]), axis=1)
        for day in np.unique(cell[0]):
            who = cell[1][cell[0] == day]
            who = who[last[who] < day]
            days[who] += 1
            last[who] = day

    def upto(self, accounts: int) -> np.ndarray:
        """Active days of the first `accounts` accounts, int64."""
        return self._days.upto(accounts)
