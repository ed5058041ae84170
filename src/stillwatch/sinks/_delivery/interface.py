"""What a sink is, and the two ways in which it can fail."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from stillwatch.records import Notice, StillwatchError


class NotNow(StillwatchError):
    """A delivery failed and may succeed later.

    `after`: seconds the other side asks to be left alone. `answered`: the other side was reached and failed on
    this very notice, so that it is given up sooner than while nobody is there.
    """

    def __init__(self, reason: str, *, after: float = 0.0, answered: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.answered = answered


class Refused(StillwatchError):
    """A delivery failed and would fail again: the notice is a dead letter."""


class Sink(Protocol):
    """One open place that notices go to."""

    def deliver(self, notice: Notice) -> None:
        """Try once. Returns when the other side has it; raises NotNow or Refused."""


class Kind(NamedTuple):
    """One kind of place. A file of this folder ends in `SINK = Kind(...)`.

    `open` is given the whole URL. It raises UsageError where the URL is wrong and InvalidConfiguration where
    what the URL names is missing; it reaches for nothing yet.
    """

    schemes: tuple[str, ...]
    example: str  # a URL as it stands on a command line
    open: Callable[[str], Sink]
