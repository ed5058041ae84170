"""When something that failed is tried again, and whether its trouble is news."""

import time

from stillwatch.sinks import Patience

PATIENCE = Patience(first=0.5, longest=30.0)  # a round of the watch takes a fifth of a second


class Resting:
    """One thing that may fail for a while. Its waits double until it succeeds."""

    def __init__(self) -> None:
        self._trouble = ""
        self._tries = 0
        self._again = 0.0  # of the monotonic clock

    @property
    def over(self) -> bool:
        """Whether it may be tried."""
        return time.monotonic() >= self._again

    def failed(self, trouble: str) -> bool:
        """Rest for a while; true where this was not the trouble last time."""
        self._tries += 1
        self._again = time.monotonic() + PATIENCE.wait(self._tries)
        told, self._trouble = self._trouble, trouble
        return trouble != told

    def succeeded(self) -> None:
        self._trouble, self._tries = "", 0
