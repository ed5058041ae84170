"""What an operator does when accounts of its pool are asked to verify: buys identities for a few, leaves or replaces the rest."""

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from stillwatch.lab.arrays import HOUR, Rng
from stillwatch.lab.duel.gateway import Answer
from stillwatch.lab.duel.reactions import SECOND, Record, Replaces, Sent

FAR = int(np.iinfo(np.int64).max)  # a call that is never sent


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How an operator meets a challenge. Shares are assumptions of the laboratory."""

    buys: float = 0.1  # share of the asked accounts for which an identity is bought
    bought_pass: float = 0.7  # of those, the share that is accepted
    hours: float = 12.0  # mean, until an identity is there
    others: Literal["replaced", "abandoned"] = "replaced"


class Verifies(Replaces):
    """An operator under a challenge. It hears of it when it is asked, as a customer does."""

    def __init__(self, pool: Sequence[Record], rng: Rng, habits: Habits) -> None:
        super().__init__(pool, rng)
        self._habits, self._chance = habits, np.random.default_rng(rng.integers(1 << 62))
        self._waiting: dict[str, int] = {}  # account -> when its identity is there
        self._abandoned: set[str] = set()
        self.bought = 0  # identities, accepted or not

    def asked(self, account: str, now: int) -> int | None:
        """An account is asked: when it will have proved the level, or None for never."""
        if self._chance.random() < self._habits.buys:
            self.bought += 1
            ready = now + round(self._chance.exponential(self._habits.hours) * HOUR)
            if self._chance.random() < self._habits.bought_pass:
                self._waiting[account] = ready
                return ready
        self._gives_up(account, now)
        return None

    def _gives_up(self, account: str, now: int) -> None:
        if self._habits.others == "abandoned" or super().told(account, Answer("step_up", 403), now) is None:
            self._abandoned.add(account)

    def send(self, account: str, now: int) -> Sent:
        sent = super().send(account, now)
        return Sent(FAR, sent.account) if sent.account in self._abandoned else sent

    def told(self, account: str, answer: Answer, now: int) -> Sent | None:
        ready = self._waiting.get(account)
        if ready is not None and (now < ready or answer.wait):
            return Sent(max(ready, now + round(answer.wait * SECOND)), account)
        if account in self._abandoned:
            return None
        again = super().told(account, answer, now)
        return None if again is None or again.account in self._abandoned else again
