"""The sign-ups of the last weeks, one row each, whatever was delivered twice, late or in another order."""

import msgspec
import numpy as np

from stillwatch.features.distinct import grouped
from stillwatch.features.growing import PerAccount


class Signups(msgspec.Struct, frozen=True):
    """Some sign-ups; `version` and `content` say which of several records of one account is its first."""

    account: np.ndarray  # uint64 [sign-ups], keyed
    at: np.ndarray  # int64 [sign-ups], seconds; -1 where no record says when
    version: np.ndarray  # int64 [sign-ups]: when the record became valid, -1 from the beginning
    content: np.ndarray  # uint64 [sign-ups]: hash of what was kept
    kept: np.ndarray  # uint64 [sign-ups, checks]

    def __len__(self) -> int:
        return len(self.account)

    def take(self, rows: np.ndarray) -> "Signups":
        """The chosen ones, in that order."""
        return Signups(
            self.account[rows], self.at[rows], self.version[rows], self.content[rows], self.kept[rows]
        )

    def before(self, other: "Signups") -> np.ndarray:
        """Bool a row: this record of an account comes before that other one of it."""
        same = self.version == other.version
        out: np.ndarray = (self.version < other.version) | (same & (self.content < other.content))
        return out

    def firsts(self) -> "Signups":
        """The first record of each account."""
        order = np.lexsort((self.content, self.version, self.account))
        return self.take(order[grouped(self.account[order]).first])


class Rows:
    """The first record of each account, its grades, and whose it is, where a person said so."""

    def __init__(self, checks: int) -> None:
        self._checks = checks
        self._size = 0
        self._row_of: dict[int, int] = {}
        self._columns = _columns(checks)

    def __len__(self) -> int:
        return self._size

    def column(self, name: str) -> np.ndarray:
        """A view of one column, writable."""
        return self._columns[name].upto(self._size)

    def find(self, accounts: np.ndarray) -> np.ndarray:
        """The row of each account, int64, -1 where there is none."""
        known = self._row_of
        return np.array([known.get(account, -1) for account in accounts.tolist()], np.int64)

    def signups(self, rows: np.ndarray) -> Signups:
        """What the chosen rows hold."""
        return Signups(*(self.column(name)[rows] for name in ("account", "at", "version", "content", "kept")))

    def put(self, rows: np.ndarray, signups: Signups) -> None:
        """Write sign-ups of accounts, each into its row; rows from the end on are new."""
        self._size = max(self._size, int(rows.max(initial=-1)) + 1)
        for name in ("account", "at", "version", "content", "kept"):
            self.column(name)[rows] = getattr(signups, name)
        self._row_of.update(zip(signups.account.tolist(), rows.tolist(), strict=True))

    def forget(self, before: int) -> None:
        """Take out sign-ups earlier than a second."""
        left = np.flatnonzero(self.column("at") >= before)
        kept = {name: self.column(name)[left] for name in self._columns}
        self._columns = _columns(self._checks)
        self._size = len(left)
        for name, values in kept.items():
            self.column(name)[:] = values
        self._row_of = {account: row for row, account in enumerate(self.column("account").tolist())}


def _columns(checks: int) -> dict[str, PerAccount]:
    return {
        "account": PerAccount(np.uint64),
        "at": PerAccount(np.int64),
        "version": PerAccount(np.int64),
        "content": PerAccount(np.uint64),
        "kept": PerAccount(np.uint64, checks),
        "grades": PerAccount(np.int8, checks, empty=-1),
        "graded": PerAccount(np.bool_),
        "placed": PerAccount(np.int8),  # by a person: 1 an operator's, -1 nobody's
    }
