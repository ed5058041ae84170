"""Token buckets by campaign, so that all accounts of one operator share one rate.

A bucket is one number, the moment at which it would be full again (the generic cell rate algorithm, ITU-T
I.371): nothing is refilled by a timer, and an idle bucket is as good as none.
"""

from threading import Lock
from typing import Protocol

MOST = 4_096  # campaigns limited at once; beyond it the ones idle the longest give way
LONGEST = 3_600.0  # seconds ahead that a bucket's moment may lie; more means that the clock was set back


class Buckets(Protocol):
    """Takes tokens out of named buckets."""

    def take(self, name: str, now: float, rate: float, burst: float) -> float:
        """Take one token; 0 if there was one, else the seconds until there is.

        `rate` is in tokens a second and `burst` the most tokens a bucket holds.
        """


def taken(full_at: float, now: float, rate: float, burst: float) -> tuple[float, float]:
    """The new moment of fullness, and the seconds to wait if no token was taken."""
    spacing = 1.0 / rate
    full_at = now if full_at - now > max(LONGEST, burst * spacing) else max(full_at, now)
    wait = full_at + spacing - now - burst * spacing
    return (full_at, wait) if wait > 1e-9 else (full_at + spacing, 0.0)


class LocalBuckets:
    """Buckets of one process."""

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._lock = Lock()

    def take(self, name: str, now: float, rate: float, burst: float) -> float:
        with self._lock:
            moment, wait = taken(self._full_at.pop(name, now), now, rate, burst)
            self._full_at[name] = moment  # at the end: a dict keeps the order of insertion
            if len(self._full_at) > MOST:
                del self._full_at[next(iter(self._full_at))]
        return wait
