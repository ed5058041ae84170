"""What goes wrong inside a gateway: counted by place, and logged once a minute, so that a call never pays for it.

The log names the kind of error and the line it came from, never its message: that could quote a prompt.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

LOGGER = logging.getLogger("stillwatch.gateways")
PAUSE = 60.0  # seconds between two lines about one place


class Trouble:
    """Counters of one gateway, to be shown as metrics."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.counts: Counter[str] = Counter()
        self._clock = clock
        self._told: dict[str, float] = {}
        self._lock = Lock()

    def count(self, what: str, by: int = 1) -> None:
        with self._lock:
            self.counts[what] += by

    def caught(self, place: str, error: BaseException) -> None:
        """Count an error that was caught at a place, and say so if it was not said within the last minute."""
        now = self._clock()
        with self._lock:
            self.counts[f"error_{place}"] += 1
            count = self.counts[f"error_{place}"]
            if now - self._told.get(place, -PAUSE) < PAUSE:
                return
            self._told[place] = now
        LOGGER.error(
            "%s failed: %s at %s; the call went on (%d so far)",
            place,
            type(error).__name__,
            _where(error),
            count,
        )


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
