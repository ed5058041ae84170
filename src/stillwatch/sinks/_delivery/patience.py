"""How long a delivery is tried again, and how soon."""

import random
from typing import NamedTuple


class Patience(NamedTuple):
    """Waits double from `first` to `longest` seconds; an alarm is given up after `give_up` seconds.

    A receiver that answers and fails on the same alarm `answers` times is not waited for: the alarms behind
    that one are more urgent. The defaults hold a receiver's day of absence, and about 14 minutes of failures.
    """

    first: float = 1.0
    longest: float = 300.0
    give_up: float = 86_400.0
    answers: int = 10

    def wait(self, tries: int) -> float:
        """Seconds before the next try, drawn from the upper half so that many senders do not come together."""
        whole = min(self.longest, self.first * 2.0 ** min(tries - 1, 62))
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


PATIENCE = Patience()
