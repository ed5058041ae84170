"""How much one partner may ask for, so that one who floods takes nothing from the others."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus

import msgspec

from stillwatch.sharing.taxii.refusal import NotServed

REMEMBERED = 10_000  # partners and addresses


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one partner may do. What is not used is saved up, to the amount of one period."""

    requests_a_minute: int = 1_200
    objects_a_day: int = 2_000_000
    strangers_a_minute: int = 60  # requests from one address without a token that is known
    body_bytes: int = 16 << 20
    objects_a_request: int = 10_000


class Allowance:
    """A token bucket for each name."""

    def __init__(self, amount: float, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._amount = amount
        self._rate = amount / seconds
        self._clock = clock
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()  # and as of when

    def spend(self, tenant: str, name: str, amount: float = 1.0) -> None:
        """Raises NotServed, and says when to come back, where it is used up."""
        now = self._clock()
        left, then = self._left.get((tenant, name), (self._amount, now))
        left = min(self._amount, left + (now - then) * self._rate)
        if left < min(amount, self._amount):
            seconds = math.ceil((min(amount, self._amount) - left) / self._rate)
            raise NotServed(
                HTTPStatus.TOO_MANY_REQUESTS,
                "you have asked for more than your share: come back later",
                {"retry-after": str(seconds)},
            )
        self._left[tenant, name] = (left - amount, now)
        self._left.move_to_end((tenant, name))
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
