"""Who is there: activity of each account, and which accounts count as customers of their own."""

import numpy as np

from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import NEVER, Ledger
from stillwatch.features.observed import Observed

VERIFIED = 2  # kyc_level from which an organisation has shown who it is


class Population:
    """First and last exchange, volume and latest country of each account."""

    def __init__(self) -> None:
        self._exchanges = PerAccount(np.int64)
        self._first = PerAccount(np.int64, empty=NEVER)
        self._last = PerAccount(np.int64, empty=-1)
        self._country = PerAccount(np.int64, empty=-1)

    def observe(self, batch: Observed) -> None:
        """Take in exchanges in event-time order."""
        np.add.at(self._exchanges.upto(batch.accounts), batch.account, 1)
        np.minimum.at(self._first.upto(batch.accounts), batch.account, batch.ts)
        np.maximum.at(self._last.upto(batch.accounts), batch.account, batch.ts)
        placed = batch.country >= 0
        self._country.upto(batch.accounts)[batch.account[placed]] = batch.country[placed]

    def exchanges(self, accounts: int) -> np.ndarray:
        """Exchanges so far, int64 [accounts]."""
        return self._exchanges.upto(accounts)

    def first(self, accounts: int) -> np.ndarray:
        """Time of the first exchange, NEVER before it."""
        return self._first.upto(accounts)

    def last(self, accounts: int) -> np.ndarray:
        """Time of the latest exchange, -1 before the first."""
        return self._last.upto(accounts)

    def country(self, accounts: int) -> np.ndarray:
        """Latest country code of an exchange, -1 unknown."""
        return self._country.upto(accounts)


def eligible(ledger: Ledger, exchanges: np.ndarray) -> np.ndarray:
    """Bool [accounts]: active, not allowed to distil, and one account for each declared organisation.

    An organisation that pays by invoice or has shown who it is, is one customer whatever its number of
    accounts: what its accounts share is not hidden and no sign of anything.
    """
    accounts = len(exchanges)
    organisation = ledger.hashes["org_id"].upto(accounts)
    invoiced = ledger.hashes["payment_kind"].upto(accounts) == ledger.hash_of("payment_kind", "invoice")
    declared = (organisation != 0) & (invoiced | (ledger.kyc_level.upto(accounts) >= VERIFIED))
    active = (exchanges > 0) & ~ledger.authorised.upto(accounts)
    members = np.flatnonzero(declared & active)
    busiest = members[np.lexsort((members, -exchanges[members], organisation[members]))]
    _, first = np.unique(organisation[busiest], return_index=True)
    out: np.ndarray = active & ~declared
    out[busiest[first]] = True
    return out
