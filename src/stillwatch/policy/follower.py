"""The newest published file, followed while requests are served: never late by much, never in the way."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from typing import Generic, TypeVar

from stillwatch.policy.lookup.table import LookupTable
from stillwatch.policy.standing_table import StandingTable
from stillwatch.policy.verdict_table import VerdictTable
from stillwatch.records import Standing, UnreadableInput, Verdict

INTERVAL = 0.2  # seconds between two looks at the file: a verdict reaches a gateway well within one second
LOG = logging.getLogger("stillwatch.policy")

Signature = tuple[int, int, int, int]
Held = TypeVar("Held")


class _Following(Generic[Held]):
    """Looks accounts up in the newest file at `path`. A file that is not there, cut or foreign holds none.

    `failures` counts the looks at which no table could be had. Each trouble is logged once, and once when it
    is over. Threads may share a follower: each step leaves it whole.
    """

    def __init__(
        self,
        path: Path,
        interval: float = INTERVAL,
        clock: Callable[[], float] = time.monotonic,
        *,
        opens: type[LookupTable[Held]],
    ) -> None:
        self.path = path
        self._opens = opens
        self.failures = 0
        self._interval = interval
        self._clock = clock
        self._next = float("-inf")
        self._looking = Lock()
        self._signature: Signature | None = None
        self._table: LookupTable[Held] | None = None
        self._trouble: str | None = None

    @property
    def version(self) -> int:
        """Of the table that lookups go to; 0 without one."""
        table = self._table
        return 0 if table is None else table.version

    def lookup(self, account_id: str) -> Held | None:
        """What is held of an account; never raises."""
        now = self._clock()
        # Whoever has no table yet waits for the one that opens it; the others go on with the one they have.
        if now >= self._next and self._looking.acquire(blocking=self._table is None):
            try:
                if now >= self._next:
                    self._look()
                    self._next = now + self._interval
            finally:
                self._looking.release()
        table = self._table
        if table is None:
            return None
        try:
            return table.lookup(account_id)
        except UnreadableInput as damaged:
            self._table = None
            self._failed(str(damaged))
            return None

    def _look(self) -> None:
        try:
            found = self.path.stat()
        except (OSError, ValueError) as error:
            self._signature = self._table = None
            self._failed(f"{self.path}: {getattr(error, 'strerror', None) or error}")
            return
        if not S_ISREG(found.st_mode):  # opening a pipe would wait for its writer
            self._signature = self._table = None
            self._failed(f"{self.path}: it is no file")
            return
        signature = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        if signature == self._signature:
            self.failures += self._table is None
            return
        try:
            self._table = self._opens.open(self.path)
        except UnreadableInput as error:
            self._table = None
            self._failed(str(error))
        else:
            if self._trouble is not None:
                LOG.warning("%s can be read again: %s", self._opens.kind.called, self.path)
            self._trouble = None
        self._signature = signature

    def _failed(self, trouble: str) -> None:
        self.failures += 1
        if trouble != self._trouble:
            self._trouble = trouble
            LOG.warning("no %s, so no account is acted on for one: %s", self._opens.kind.called, trouble)


class Follower(_Following[Verdict]):
    """Follows verdicts."""

    def __init__(
        self, path: Path, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(path, interval, clock, opens=VerdictTable)


class StandingFollower(_Following[Standing]):
    """Follows standings."""

    def __init__(
        self, path: Path, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(path, interval, clock, opens=StandingTable)
