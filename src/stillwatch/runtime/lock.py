"""One watch a state: the lock that a running watch holds on its directory, and who holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillwatch.records import UsageError

FILE = "watch.lock"


@contextmanager
def claimed(home: Path) -> Iterator[None]:
    """Hold the state in `home`. Raises UsageError where another process holds it.

    The lock ends with the process, however that ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"{home}: another watch runs on this state, as process {_named(descriptor)}"
            ) from error
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
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        named = _named(descriptor)
        return int(named) if named.isdecimal() else None
    else:
        return None
    finally:
        os.close(descriptor)


def _named(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode("ascii", "replace")
