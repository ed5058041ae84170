"""Who is there: activity of each account, and which accounts count as customers of their own."""

import numpy as np

from stillwatch.features.distinct import counted, distinct, grouped
from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR, NEVER, Ledger
from stillwatch.features.observed import Observed

DAYS = 28  # of which each account's exchanges are remembered
DAY = 24 * HOUR
VERIFIED = 2  # kyc_level from which an organisation has shown who it is


class Population:
    """First and last exchange, volume, latest country and the latest days' volumes of each account."""

    def __init__(self) -> None:
        self._exchanges = PerAccount(np.int64)
        self._first = PerAccount(np.int64, empty=NEVER)
        self._last = PerAccount(np.int64, empty=-1)
        self._country = PerAccount(np.int64, empty=-1)
        self._daily = PerAccount(np.uint16, DAYS)  # a ring of days
        self._today = -1

    def observe(self, batch: Observed) -> None:
        """Take in exchanges in event-time order."""
        np.add.at(self._exchanges.upto(batch.accounts), batch.account, 1)
        np.minimum.at(self._first.upto(batch.accounts), batch.account, batch.ts)
        np.maximum.at(self._last.upto(batch.accounts), batch.account, batch.ts)
        placed = batch.country >= 0
        self._country.upto(batch.accounts)[batch.account[placed]] = batch.country[placed]
        self._observe_days(batch)

    def _observe_days(self, batch: Observed) -> None:
        day = batch.ts // DAY
        daily = self._daily.upto(batch.accounts)
        for now in distinct(day).tolist():
            if now > self._today:
                for passed in range(max(self._today + 1, now - DAYS + 1), now + 1):
                    daily[:, passed % DAYS] = 0
                self._today = now
            if now > self._today - DAYS:
                who, times = counted(batch.account[day == now])
                counts = daily[who, now % DAYS].astype(np.int64) + times
                daily[who, now % DAYS] = np.minimum(counts, np.iinfo(np.uint16).max)

    def exchanges(self, accounts: int) -> np.ndarray:
        """Exchanges so far, int64 [accounts]."""
        return self._exchanges.upto(accounts)

    def first(self, accounts: int) -> np.ndarray:
        """Time of the first exchange, NEVER before it."""
        return self._first.upto(accounts)

    def last(self, accounts: int) -> np.ndarray:
        """Time of the latest exchange, -1 before the first."""
        return self._last.upto(accounts)

    def daily(self, accounts: int) -> np.ndarray:
        """Exchanges on each of the latest DAYS days of UTC, the latest last: uint16 [accounts, DAYS]."""
        order = np.arange(self._today - DAYS + 1, self._today + 1) % DAYS
        return self._daily.upto(accounts)[:, order]

    def country(self, accounts: int) -> np.ndarray:
        """Latest country code of an exchange, -1 unknown."""
        return self._country.upto(accounts)


def eligible(ledger: Ledger, exchanges: np.ndarray) -> np.ndarray:
    """Bool [accounts]: active, not allowed to distil, and one account for each declared organisation.

    An organisation that pays by invoice or has shown who it is, is one customer whatever its number of
    accounts: what its accounts share is not hidden and no sign of anything.
    """
    accounts = len(exchanges)
    organised = declared(ledger)[:accounts]
    active = (exchanges > 0) & ~ledger.authorised.upto(accounts)
    members = np.flatnonzero(organised & active)
    organisation = ledger.hashes["org_id"].upto(accounts)
    busiest = members[np.lexsort((members, -exchanges[members], organisation[members]))]
    out: np.ndarray = active & ~organised
    out[busiest[grouped(organisation[busiest]).first]] = True
    return out


def declared(ledger: Ledger) -> np.ndarray:
    """Bool [accounts]: an account of an organisation that pays by invoice or has shown who it is."""
    accounts = len(ledger)
    organisation = ledger.hashes["org_id"].upto(accounts)
    invoiced = ledger.hashes["payment_kind"].upto(accounts) == ledger.hash_of("payment_kind", "invoice")
    out: np.ndarray = (organisation != 0) & (invoiced | (ledger.kyc_level.upto(accounts) >= VERIFIED))
    return out


def spared(ledger: Ledger) -> np.ndarray:
    """Bool [accounts]: allowed to distil, or of a declared organisation, so no newcomer that nobody knows."""
    out: np.ndarray = declared(ledger) | ledger.authorised.upto(len(ledger))
    return out
