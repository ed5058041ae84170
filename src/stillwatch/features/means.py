"""The mean of something over each account's exchanges, and over sets of accounts."""

import numpy as np

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount


class Means:
    """Sums and counts of one value an exchange, per account; NaN values do not count."""

    def __init__(self) -> None:
        self._sum = PerAccount(np.float64)
        self._count = PerAccount(np.int64)

    def add(self, accounts: int, account: np.ndarray, value: np.ndarray) -> None:
        """Take in values of exchanges; `accounts` is how many accounts are known."""
        there = np.isfinite(value)
        np.add.at(self._sum.upto(accounts), account[there], value[there])
        np.add.at(self._count.upto(accounts), account[there], 1)

    def of_accounts(self, accounts: int) -> np.ndarray:
        """Mean of each account, NaN where it has no value."""
        with np.errstate(invalid="ignore"):
            out: np.ndarray = self._sum.upto(accounts) / self._count.upto(accounts)
        return out

    def measure(self, groups: Groups, accounts: int) -> Measure:
        """Mean over the accounts of each group, each account once, with its standard error."""
        return Measure(*groups.mean(self.of_accounts(accounts)))
