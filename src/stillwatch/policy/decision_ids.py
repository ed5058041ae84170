"""Ids of decisions: unique over processes and machines, and in the order of time as text."""

import itertools
import os
import secrets
import time
from collections.abc import Callable

_started: dict[int, str] = {}
_numbers = itertools.count()


def new_id(clock: Callable[[], int] = time.time_ns) -> str:
    """Microseconds since 1970, which of this process's decisions it is, and the process's random name."""
    process = os.getpid()
    name = _started.get(process)
    if name is None:  # a fork goes on under a name of its own
        name = _started[process] = secrets.token_hex(8)
    return f"d-{clock() // 1000:014x}-{next(_numbers) & 0xFFFFFFFF:08x}-{name}"
