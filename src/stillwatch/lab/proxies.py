"""Proxies that harvest over many accounts, and customers beside them, as a gateway that mints ids sees their calls.

Conversations, accounts and people are made up; ids are minted and read by the gateway's own code. What is assumed is in
the constants. Customers share transcripts, publicly and with each other, as people do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.lab.arrays import Rng
from stillwatch.marks.ids.api import Caller, Minter, Organisations, continuation, hexadecimal
from stillwatch.records import EXCHANGES

START = 1_790_000_000  # seconds since 1970
DAYS = 14
DAY = 86_400
TURNS = (2, 10)  # calls of a conversation, each with the tool's result of the one before
TURN_SECONDS = 20.0  # mean from a turn to the next one, of a program
LIFETIME = 150  # mean exchanges until an account is banned: the public cases lie between 26 and 690
LIMITED = 60  # mean exchanges between two times that an account runs into its limit
LIMIT_SECONDS = 60.0
WORKERS = 2  # conversations that an account works on at once
IDLE_SECONDS = 600.0  # mean from a conversation's end to the worker's next
TEAM = 5  # accounts of a customer that is an organisation; as many customers are single people
CONVERSATIONS = 3  # of each customer, before any are passed on
SHOWN = ("ts", "account_id", "org_id", "account_handle", "continued_id", "continued_handle", "continued_at")
Rewrite = Callable[[list[str]], list[str]]


@dataclass
class Log:
    """Exchanges as rows, and whose account is whose."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)  # account -> who runs it
    bans: list[tuple[str, int]] = field(default_factory=list)  # account, seconds since 1970

    def batch(self) -> pa.RecordBatch:
        """In order of time (schema EXCHANGES)."""
        rows = sorted(self.rows, key=itemgetter("ts"))
        ids = pa.array([f"x{number}" for number in range(len(rows))])
        columns = [
            ids
            if field.name == "exchange_id"
            else pa.array([row.get(field.name) for row in rows], field.type)
            if field.name in SHOWN
            else pa.nulls(len(rows), field.type)
            for field in EXCHANGES
        ]
        return pa.RecordBatch.from_arrays(columns, schema=EXCHANGES)


@dataclass
class Provider:
    """Answers calls, and mints the ids of its answers."""

    minter: Minter
    log: Log
    organisations: Organisations = field(default_factory=Organisations)
    organisation_of: dict[str, str] = field(default_factory=dict)

    def call(self, account: str, history: list[str], at: float) -> str:
        """One exchange; the id of the tool call in its answer."""
        caller = Caller(account, self.organisation_of.get(account))
        row: dict[str, Any] = {
            "account_id": account,
            "org_id": caller.organisation,
            "ts": int(at * 1_000_000),
            "account_handle": hexadecimal(self.minter.account(account)),
        }
        found = continuation(self.minter, history, caller, self.organisations, now=at)
        if found is not None:
            row |= found.facts
        self.log.rows.append(row)
        return self.minter.mint("call_", account, caller.organisation, at=at)


@dataclass(frozen=True)
class Proxy:
    """How an operator deals its conversations out over accounts."""

    name: str
    round_robin: bool = (
        False  # each turn goes to the next account; else a conversation stays where it is while it can
    )
    bans: str | None = (
        None  # "at work": an account is banned as it calls; "at rest": between two conversations
    )
    limits: bool = False  # accounts run into their limits; what they hold moves on
    rewrite: Rewrite | None = None  # what it does to the ids of a history before each call


PROXIES = (
    Proxy("round robin", round_robin=True),
    Proxy("fail-over", bans="at work", limits=True),
    Proxy("fail-over at limits alone", limits=True),
    Proxy("fail-over at bans alone", bans="at work"),
    Proxy("banned between conversations", bans="at rest"),
    Proxy("sticky"),
)


@dataclass
class _Account:
    name: str
    lives: int  # exchanges until it is banned
    runs: int  # exchanges until it runs into its limit
    limited_until: float = 0.0
    holds: int = 0  # conversations
    gone: bool = False


@dataclass
class _Worker:
    """Works one conversation off after the other."""

    home: int  # place in the pool of the account it begins conversations on
    holder: _Account | None = None
    history: list[str] = field(default_factory=list)
    left: int = 0


class Harvest:
    """An operator's work on its accounts, written into the provider's log."""

    def __init__(self, provider: Provider, proxy: Proxy, operator: str, rng: Rng) -> None:
        self._provider, self._proxy, self._operator, self._rng = provider, proxy, operator, rng
        self._pool: list[_Account] = []
        self._made = self._turn = 0

    def run(self, accounts: int, exchanges: int) -> None:
        """Spend a number of exchanges on so many accounts at a time."""
        self._pool = [self._opened() for _ in range(accounts)]
        agenda = [
            (float(self._rng.exponential(IDLE_SECONDS)), place, _Worker(place % accounts))
            for place in range(accounts * WORKERS)
        ]
        heapify(agenda)
        for _ in range(exchanges):
            at, place, worker = heappop(agenda)
            self._work(worker, START + at)
            pause = TURN_SECONDS if worker.left else IDLE_SECONDS
            heappush(agenda, (at + 1.0 + float(self._rng.exponential(pause)), place, worker))

    def _work(self, worker: _Worker, at: float) -> None:
        if not worker.left:
            self._begin(worker)
        account = self._next(worker, at)
        if account is not worker.holder:
            self._hold(worker, account)
        sent = worker.history if self._proxy.rewrite is None else self._proxy.rewrite(worker.history)
        worker.history = [*sent, self._provider.call(account.name, sent, at)]
        worker.left -= 1
        if not worker.left:
            self._hold(worker, None)
        self._spend(account, at)

    def _begin(self, worker: _Worker) -> None:
        worker.history = []
        worker.left = int(self._rng.integers(*TURNS))
        self._hold(worker, self._pool[worker.home])

    def _hold(self, worker: _Worker, account: _Account | None) -> None:
        if worker.holder is not None:
            worker.holder.holds -= 1
        worker.holder = account
        if account is not None:
            account.holds += 1

    def _next(self, worker: _Worker, at: float) -> _Account:
        if self._proxy.round_robin:
            self._turn += 1
            return self._pool[self._turn % len(self._pool)]
        holder = worker.holder
        if holder is not None and not holder.gone and holder.limited_until <= at:
            return holder
        free = [account for account in self._pool if account.limited_until <= at] or self._pool
        return free[int(self._rng.integers(len(free)))]

    def _spend(self, account: _Account, at: float) -> None:
        account.lives -= 1
        account.runs -= 1
        if self._proxy.limits and account.runs <= 0:
            account.limited_until = at + LIMIT_SECONDS
            account.runs = int(self._rng.geometric(1 / LIMITED))
        at_work = self._proxy.bans == "at work"
        if self._proxy.bans and account.lives <= 0 and not account.gone and (at_work or not account.holds):
            account.gone = True
            self._provider.log.bans.append((account.name, int(at)))
            self._pool[self._pool.index(account)] = self._opened()

    def _opened(self) -> _Account:
        self._made += 1
        name = f"{self._operator}-{self._made}"
        self._provider.log.truth[name] = self._operator
        return _Account(name, int(self._rng.geometric(1 / LIFETIME)), int(self._rng.geometric(1 / LIMITED)))


def stripped(history: list[str]) -> list[str]:
    """A history without its ids, as flattened into one prompt."""
    del history
    return []


def rewritten(history: list[str]) -> list[str]:
    """Ids of the proxy's own in the place of minted ones."""
    return [f"call_{blake2b(text.encode(), digest_size=12).hexdigest()}" for text in history]


def imitated(history: list[str]) -> list[str]:
    """The same, in the form of minted ones."""
    return [text[:7] + blake2b(text.encode(), digest_size=16).hexdigest() for text in history]


def other_prefix(history: list[str]) -> list[str]:
    """The prefix of another provider, as translating frameworks write it."""
    return ["toolu_" + text.partition("_")[2] for text in history]


def rewritten_mostly(history: list[str]) -> list[str]:
    """A rewriting that forgets one id in ten."""
    return [
        text if blake2b(text.encode(), digest_size=1).digest()[0] < 26 else rewritten([text])[0]
        for text in history
    ]


REWRITES: dict[str, Rewrite] = {
    "ids stripped": stripped,
    "ids rewritten": rewritten,
    "ids imitated": imitated,
    "one id in ten not rewritten": rewritten_mostly,
    "another prefix": other_prefix,
}


def customers(provider: Provider, rng: Rng, many: int) -> None:
    """Customers at work, some of whom pass conversations on."""
    names = [f"customer-{number}" for number in range(many)]
    for place, name in enumerate(names):
        company = f"company-{place // TEAM}" if place % (2 * TEAM) < TEAM else None
        provider.log.truth[name] = company or name
        if company is not None:
            provider.organisation_of[name] = company
    ended = [
        _conversation(provider, rng, name, [], _moment(rng)) for name in names for _ in range(CONVERSATIONS)
    ]
    _published(provider, rng, names, ended)
    _shared(provider, rng, names, ended)
    _within_teams(provider, rng, names, ended)


def _conversation(
    provider: Provider, rng: Rng, account: str, history: list[str], at: float
) -> tuple[list[str], float]:
    for _ in range(int(rng.integers(*TURNS))):
        history = [*history, provider.call(account, history, at)]
        at += 1.0 + float(rng.exponential(TURN_SECONDS))
    return history, at


def _published(provider: Provider, rng: Rng, names: list[str], ended: list[tuple[list[str], float]]) -> None:
    """Transcripts that anybody may go on from: a few readers, or many."""
    for place in rng.integers(len(ended), size=len(names) // 30).tolist():
        history, at = ended[place]
        for reader in rng.integers(len(names), size=2 + int(rng.zipf(1.8)) % 60).tolist():
            later = at + float(rng.lognormal(np.log(DAY), 2.5))
            _conversation(provider, rng, names[reader], history, later)


def _shared(provider: Provider, rng: Rng, names: list[str], ended: list[tuple[list[str], float]]) -> None:
    """Conversations passed to one other person, of another organisation, mostly some time later."""
    for place in rng.choice(len(ended), len(names) // 20, replace=False).tolist():
        history, at = ended[place]
        other = names[int(rng.integers(len(names)))]
        _conversation(provider, rng, other, history, at + float(rng.lognormal(np.log(3 * 3600), 2.0)))


def _within_teams(
    provider: Provider, rng: Rng, names: list[str], ended: list[tuple[list[str], float]]
) -> None:
    """Conversations that go on at a colleague's at once, as often as they like."""
    for place, name in enumerate(names):
        if place % (2 * TEAM) < TEAM and place % TEAM:
            history, at = ended[place * CONVERSATIONS]
            for turn in range(3):
                one = names[place - 1] if turn % 2 == 0 else name
                history, at = _conversation(provider, rng, one, history, at + 30.0)


def _moment(rng: Rng) -> float:
    return START + float(rng.uniform(0, DAYS * DAY))
