"""Which id of the serving side a minted one stands for, where it needs its own ids back: OpenAI Responses.

An SQLite file that the processes of a machine share. It holds no text and no account; the oldest pairs are forgotten.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from stillwatch.records import InvalidConfiguration

PATIENCE = 0.05  # seconds that a call waits for another process's write
TIDY = 1_000  # pairs written between two looks at how many there are


class Originals:
    """Any thread may call it; a forked process opens the file anew. Raises sqlite3.Error where the file fails."""

    def __init__(self, path: Path, most: int) -> None:
        self._path, self._most = path, most
        self._written = 0
        self._local = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = self._connection()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS originals (number INTEGER PRIMARY KEY, minted TEXT UNIQUE, original TEXT)"
            )
        except (OSError, sqlite3.Error) as error:
            raise InvalidConfiguration(f"the file of original ids {path} cannot be used: {error}") from error

    def keep(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Note minted ids with what they stand for."""
        connection = self._connection()
        rows = list(pairs)
        with connection:
            connection.executemany("INSERT OR REPLACE INTO originals (minted, original) VALUES (?, ?)", rows)
            self._written += len(rows)
            if self._written >= TIDY:
                self._written = 0
                connection.execute(
                    "DELETE FROM originals WHERE number <= (SELECT max(number) FROM originals) - ?",
                    (self._most,),
                )

    def of(self, minted: str) -> str | None:
        """What an id stands for; None where it is not known."""
        found = (
            self._connection()
            .execute("SELECT original FROM originals WHERE minted = ?", (minted,))
            .fetchone()
        )
        return None if found is None else str(found[0])

    def _connection(self) -> sqlite3.Connection:
        held = getattr(self._local, "held", None)
        if held is None or held[0] != os.getpid():
            connection = sqlite3.connect(self._path, timeout=PATIENCE, check_same_thread=False)
            connection.execute("PRAGMA synchronous = NORMAL")
            held = self._local.held = (os.getpid(), connection)
        made: sqlite3.Connection = held[1]
        return made
