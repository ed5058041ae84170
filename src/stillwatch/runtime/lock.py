"""One watch a state: the lock that a running watch holds on its directory, and who holds it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillwatch.records import UsageError

FILE = "watch.lock"
PATIENCE = 1.0  # seconds: `holder` takes the lock for a moment


@contextmanager
def claimed(home: Path) -> Iterator[None]:
    """Hold the state in `home`. Raises UsageError where another process holds it.

    The lock ends with the process, however that ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(descriptor, PATIENCE):
            raise UsageError(f"{home}: another watch runs on this state, as process {_named(descriptor)}")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(home: Path) -> int | None:
    """The process that holds the state, or None."""
    try:
        descriptor = os.open(home / FILE, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        if _locked(descriptor, 0.0):
            return None
        named = _named(descriptor)
        return int(named) if named.isdecimal() else None
    finally:
        os.close(descriptor)


def _locked(descriptor: int, patience: float) -> bool:
    """Take the lock, unless another process holds it for longer than so many seconds."""
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)
        else:
            return True


def _named(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode("ascii", "replace")
