"""What operators do about refusals. Each is told of its own calls only, and knows nothing of Stillwatch."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from stillwatch.lab.arrays import MINUTE, Rng
from stillwatch.lab.duel.gateway import Answer

SECOND = 1_000_000
SUCCESSOR_MINUTES = 15.0  # mean, from a refusal to the first call of the account that takes over
IN_ONE_PIECE = (  # columns of an account that come from one means of the operator
    ("payment_fp", "payment_kind", "payment_bin", "payment_country"),
    ("signup_ip", "signup_asn", "signup_country", "declared_country"),
    ("signup_ja4", "device_id"),
    ("email_domain", "phone_country", "referral"),
)

Record = Mapping[str, Any]  # fields of an account


class Sent(NamedTuple):
    """When a call goes out, and from which account."""

    ts: int
    account: str


class Reaction(Protocol):
    """How one operator goes on. A call is wanted, sent now or later, and may be sent again if it is refused."""

    enrolled: list[Record]
    """Accounts that were made in answer to refusals and that nobody has taken notice of yet."""

    def send(self, account: str, now: int) -> Sent:
        """How a call goes out that is wanted now from an account of the plan."""

    def told(self, account: str, answer: Answer, now: int) -> Sent | None:
        """How a call is tried again that was refused to an account; None gives it up."""


class GoesOn:
    """Sends what it planned, and gives up what is refused."""

    def __init__(self, pool: Sequence[Record], rng: Rng) -> None:  # noqa: ARG002 - as every reaction is made
        self.enrolled: list[Record] = []

    def send(self, account: str, now: int) -> Sent:
        return Sent(now, account)

    def told(self, account: str, answer: Answer, now: int) -> Sent | None:  # noqa: ARG002 - it does not care
        return None


class Replaces:
    """Puts a fresh account in the place of one whose call was refused, and sends the call again from there.

    Fresh accounts are made of the pool's cards, addresses, devices and mail domains, each of another account;
    proxies, programs and templates stay. There are as many as the pool had accounts.
    """

    def __init__(self, pool: Sequence[Record], rng: Rng) -> None:
        self._pool, self._rng = pool, rng
        self._heirs: dict[str, Sent] = {}
        self._left = len(pool)
        self.enrolled: list[Record] = []

    def send(self, account: str, now: int) -> Sent:
        ready = now
        while account in self._heirs:
            ready, account = max(self._heirs[account].ts, ready), self._heirs[account].account
        return Sent(ready, account)

    def told(self, account: str, answer: Answer, now: int) -> Sent | None:  # noqa: ARG002 - any refusal is one
        if account not in self._heirs:
            if not self._left:
                return None
            self._heirs[account] = self._enrol(now)
        return self.send(account, now)

    def _enrol(self, now: int) -> Sent:
        self._left -= 1
        at = now + round(self._rng.exponential(SUCCESSOR_MINUTES) * MINUTE)
        donors = [self._pool[int(place)] for place in self._rng.integers(len(self._pool), size=5)]
        made = dict(donors[-1])
        for names, donor in zip(IN_ONE_PIECE, donors, strict=False):
            made |= {name: donor[name] for name in names}
        made |= {
            "account_id": f"acct_{self._rng.bytes(8).hex()}",
            "created_at": now,
            "valid_from": None,
            "email_hash": None,
            "phone_hash": None,
            "status": "active",
            "status_at": None,
            "status_reason": None,
        }
        self.enrolled.append(made)
        return Sent(at, made["account_id"])


class SlowsDown:
    """Queues the calls of accounts that were told to retry later, at the pace it was told, all of them together.

    What is still queued when the log ends was not had. A refusal that names no time is final.
    """

    def __init__(self, pool: Sequence[Record], rng: Rng) -> None:  # noqa: ARG002 - as every reaction is made
        self._limited: set[str] = set()
        self._slot = 0
        self._spacing = 0
        self.enrolled: list[Record] = []

    def send(self, account: str, now: int) -> Sent:
        return Sent(self._next(now), account) if account in self._limited else Sent(now, account)

    def told(self, account: str, answer: Answer, now: int) -> Sent | None:
        if not answer.wait:
            return None
        self._limited.add(account)
        self._spacing = max(self._spacing, round(answer.wait * SECOND))
        return Sent(self._next(now + round(answer.wait * SECOND)), account)

    def _next(self, earliest: int) -> int:
        at = max(earliest, self._slot)
        self._slot = at + self._spacing
        return at


REACTIONS: Mapping[str, type[GoesOn | Replaces | SlowsDown]] = {
    "goes on": GoesOn,
    "replaces": Replaces,
    "slows down": SlowsDown,
}
