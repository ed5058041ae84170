"""A file that others replace while it is in use."""

import time
from collections.abc import Callable
from pathlib import Path

INTERVAL = 1.0  # seconds between two looks at the file


class ChangingFile:
    """Tells, at most once in INTERVAL, whether a file is another one than at the look before.

    It is first looked at here, so read it afterwards: what changes in between is then noticed at the next look.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._clock = clock
        self._seen = self._signature()
        self._next = clock() + INTERVAL

    def changed(self) -> bool:
        """Whether it is to be read anew; a file that is gone has changed too."""
        if self._clock() < self._next:
            return False
        self._next = self._clock() + INTERVAL
        before, self._seen = self._seen, self._signature()
        return self._seen != before

    def _signature(self) -> tuple[int, int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
