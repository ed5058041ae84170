"""Who asked an evaluator how much, and which requests it has seen; kept in SQLite, so that a restart forgets nothing.

Counts are sums of a day, so that a flood cannot fill the disk. What was asked is counted before it is evaluated.
"""

import sqlite3
import threading
from pathlib import Path

import msgspec

from stillwatch.records import StillwatchError

DAY = 86_400_000_000  # microseconds
EVALUATED = "evaluated"
_TABLES = """
CREATE TABLE IF NOT EXISTS asked (
    day INTEGER NOT NULL, sender TEXT NOT NULL, key_id TEXT NOT NULL, outcome TEXT NOT NULL,
    requests INTEGER NOT NULL, elements INTEGER NOT NULL, last_at INTEGER NOT NULL,
    PRIMARY KEY (day, sender, key_id, outcome)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    sender TEXT NOT NULL, nonce BLOB NOT NULL, sent_at INTEGER NOT NULL,
    PRIMARY KEY (sender, nonce)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_at ON seen (sent_at);
"""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What one sender asked in one day (days since 1970), with one outcome."""

    day: int
    sender: str
    key_id: str
    outcome: str
    requests: int
    elements: int
    last_at: int


class Usage:
    """The store; one may be used from several threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.executescript(_TABLES)
        except (sqlite3.Error, OSError) as error:
            raise StillwatchError(f"{path}: the evaluator's log cannot be kept there: {error}") from error

    def close(self) -> None:
        self._database.close()

    def first_time(self, sender: str, nonce: bytes, sent_at: int, *, forget_before: int) -> bool:
        """Whether a request is new. Those sent before `forget_before` are forgotten: they are refused as stale."""
        with self._lock, self._database as transaction:
            transaction.execute("DELETE FROM seen WHERE sent_at < ?", (forget_before,))
            done = transaction.execute(
                "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (sender, nonce, sent_at)
            )
            return done.rowcount == 1

    def take(self, sender: str, key_id: str, elements: int, limit: int, now: int) -> bool:
        """Count elements of a sender, unless they would pass its limit of the day."""
        with self._lock, self._database as transaction:
            transaction.execute("BEGIN IMMEDIATE")
            (used,) = transaction.execute(
                "SELECT coalesce(sum(elements), 0) FROM asked WHERE day = ? AND sender = ? AND outcome = ?",
                (now // DAY, sender, EVALUATED),
            ).fetchone()
            if used + elements > limit:
                return False
            self._count(transaction, (now // DAY, sender, key_id, EVALUATED, elements, now))
            return True

    def refused(self, sender: str, key_id: str, reason: str, elements: int, now: int) -> None:
        with self._lock, self._database as transaction:
            self._count(transaction, (now // DAY, sender, key_id, reason, elements, now))

    def asked(self, since_day: int = 0) -> list[Asked]:
        """Everything that was asked, the latest day first."""
        names = ", ".join(Asked.__struct_fields__)
        with self._lock:
            rows = self._database.execute(
                f"SELECT {names} FROM asked WHERE day >= ? ORDER BY day DESC, sender, outcome",  # noqa: S608 - own names
                (since_day,),
            ).fetchall()
        return [Asked(**dict(zip(Asked.__struct_fields__, row, strict=True))) for row in rows]

    @staticmethod
    def _count(transaction: sqlite3.Connection, row: tuple[int, str, str, str, int, int]) -> None:
        transaction.execute(
            "INSERT INTO asked VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6) ON CONFLICT DO UPDATE SET"
            " requests = requests + 1, elements = elements + ?5, last_at = ?6",
            row,
        )
