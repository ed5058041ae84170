"""Exchanges that came over HTTP, put on disk for the watch to follow, before their sender is answered.

Bodies that wait at one moment become one file together, so that many senders share one wait for the disk. A file
appears under its name whole: a body is in the spool wholly or not at all. `.open` files are those of gateways that
write as they go; these never have that ending.
"""

import os
import secrets
import time
from collections import deque
from pathlib import Path
from threading import Condition, Event, Thread

from stillwatch.records import StillwatchError

MODE = 0o600
AT_ONCE = 64 << 20  # bytes of one file, about
ROOM = 4 << 30  # bytes of a spool that nobody takes away
LOOK = 1.0  # seconds between looks at how much lies there
PREFIX = "exchanges-received"


class _Waiting:
    def __init__(self, lines: bytes) -> None:
        self.lines = lines
        self.done = Event()
        self.error: OSError | None = None


class Spooler:
    """Puts whole lines into a directory. Any thread may use it."""

    def __init__(self, folder: Path, *, room: int = ROOM) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._room = room
        self._looked, self._held = 0.0, 0
        self._queue: deque[_Waiting] = deque()
        self._wake = Condition()
        self._closing = False
        for left in folder.glob(f".{PREFIX}-*"):  # of a process that was killed; their senders had no answer
            left.unlink(missing_ok=True)
        self._thread = Thread(target=self._run, name="stillwatch-spooler", daemon=True)
        self._thread.start()

    def put(self, lines: bytes) -> None:
        """Return once the lines are on disk. Raises StillwatchError where the spool is full, OSError where the disk is."""
        if trouble := self.trouble():
            raise StillwatchError(trouble)
        mine = _Waiting(lines if lines.endswith(b"\n") else lines + b"\n")
        with self._wake:
            if self._closing:
                raise StillwatchError("the service is going down")
            self._queue.append(mine)
            self._wake.notify()
        mine.done.wait()
        if mine.error is not None:
            raise mine.error

    def trouble(self) -> str | None:
        """Why nothing can be put, or None."""
        now = time.monotonic()
        if now >= self._looked + LOOK:
            self._looked, self._held = now, _bytes(self.folder)
        return (
            "the spool is full: the watch does not take exchanges away" if self._held > self._room else None
        )

    def close(self) -> None:
        """Put what waits, and end."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._closing:
                    self._wake.wait()
                taken = self._take()
            if not taken:
                return
            try:
                self._write([one.lines for one in taken])
            except OSError as error:
                for one in taken:
                    one.error = error
            for one in taken:
                one.done.set()

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        size = 0
        while self._queue and size < AT_ONCE:
            taken.append(self._queue.popleft())
            size += len(taken[-1].lines)
        return taken

    def _write(self, parts: list[bytes]) -> None:
        name = f"{PREFIX}-{time.time_ns()}-{secrets.token_hex(4)}.jsonl"
        draft = self.folder / f".{name}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, MODE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self.folder / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)  # the name, too, must outlive the machine's power
        finally:
            os.close(folder)


def _bytes(folder: Path) -> int:
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                total += entry.stat(follow_symlinks=False).st_size
            except FileNotFoundError:  # the watch has just taken it away
                continue
    return total
