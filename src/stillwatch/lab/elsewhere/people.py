"""What innocent accounts do: when people come, what they ask, and how small products and coding tools call."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from stillwatch.lab.elsewhere.accounts import Account, opaque
from stillwatch.lab.elsewhere.grammar import freeze, spin
from stillwatch.lab.elsewhere.provider import Call, Provider
from stillwatch.lab.elsewhere.sayings import (
    CHAT,
    CODE,
    COMMON_SYSTEM,
    FOLLOW,
    ISSUES,
    MATHS,
    NATIVE,
    OWN_SYSTEM,
    STEERING,
    TEMPLATES_OF_JOBS,
    TOOL_RESULTS,
    WRITE,
)
from stillwatch.lab.elsewhere.setting import DAY, HOUR

Saying = tuple[str, str]
"""A prompt and its capability."""

INTERESTS = [
    ["chat"],
    ["chat", "write"],
    ["code"],
    ["code", "chat"],
    ["homework", "chat"],
    ["write"],
    ["data", "code"],
    ["assist", "chat"],
    ["homework"],
]
POOL_SHARE = {"code": ("coding", 0.2), "data": ("data_analysis", 0.5), "assist": ("tool_use", 0.6)}
GRAMMARS = {"code": CODE, "write": WRITE}
TOOL_SETS = [
    ["search"],
    ["get_weather", "get_time"],
    ["lookup_order", "refund", "handoff"],
    ["sql_query"],
    ["browser_open", "browser_click"],
]


@dataclass(frozen=True)
class Hours:
    """When somebody is at it: hours from UTC, and whether it is work."""

    zone: float
    work: bool = False

    def draw(self, rng: Random, count: int, begin: float, end: float) -> list[float]:
        """Draw up to `count` times between `begin` and `end`, sorted: one habit by day of the week and hour."""
        peak = rng.gauss(10.5 if self.work else 15, 2.2)
        spread = rng.uniform(2.5, 5)
        times = (self._one(rng, peak, spread, begin, end) for _ in range(count))
        return sorted(at for at in times if begin <= at < end)

    def _one(self, rng: Random, peak: float, spread: float, begin: float, end: float) -> float:
        for _ in range(6):
            day = math.floor(rng.uniform(begin, end) / DAY)
            if day % 7 < 5 or rng.random() < (0.15 if self.work else 0.75):
                break
        hour = rng.gauss(peak, spread) if rng.random() < 0.7 else rng.gauss(15 if self.work else 20, 2)
        return day * DAY + (hour % 24 - self.zone) * HOUR + rng.random() * 60


def ask(provider: Provider, rng: Random, account: Account, interest: str) -> Saying:
    """Draw one question of a person with this interest, in the account's language."""
    corpus, chance = provider.corpus, rng.random()

    def said(grammars: Sequence[str]) -> str:
        return corpus.fill(rng, rng.choice(grammars), user=account.user, project=account.project)

    if account.language != "en" and chance < 0.65:
        if chance < 0.12 and (real := corpus.pools.get(f"general:{account.language}")):
            return rng.choice(real), "general"
        return said(NATIVE[account.language]), "general"
    if interest == "homework":
        return _homework(provider, rng)
    pool, share = POOL_SHARE.get(interest, ("general", 0.3))
    if interest != "write" and chance < share:
        return corpus.pick(rng, pool), pool
    return said(GRAMMARS.get(interest, CHAT)), "coding" if interest == "code" else "general"


def _homework(provider: Provider, rng: Random) -> Saying:
    corpus = provider.corpus
    if rng.random() < 0.45:
        task = corpus.pick(rng, "grade_school" if rng.random() < 0.7 else "reasoning_traces")
        wish = rng.choice(
            ["", "", "\nshow your work", " explain step by step please", "\nhow do i solve this?"]
        )
        return task + wish, "reasoning_traces"
    return corpus.fill(rng, rng.choice([*MATHS, CHAT[1]])) + rng.choice(["", " Show all steps."]), "general"


@dataclass(frozen=True, kw_only=True)
class Session:
    """Some questions in a row; what is left out is drawn or the account's own."""

    at: float
    interests: Sequence[str]
    turns: int
    end_user: str | None = None
    system: str | None = None
    pathway: str | None = None
    replayed: list[str] | None = None
    operator: str | None = None

    def hold(self, provider: Provider, rng: Random, account: Account) -> None:
        conversation = opaque(rng, "c_", 10)
        session = opaque(rng, "s_", 8) if rng.random() < 0.8 else None
        interest, at = rng.choice(self.interests), self.at
        for turn in range(self.turns):
            follows = turn > 0 and rng.random() < 0.35
            prompt, capability = (
                (rng.choice(FOLLOW), "general") if follows else ask(provider, rng, account, interest)
            )
            call = Call(
                at=at,
                prompt=prompt.lower() if rng.random() < 0.25 else prompt,
                capability=capability,
                operator=self.operator,
                system=self.system,
                session=session,
                conversation=conversation,
                end_user=self.end_user,
                pathway=self.pathway,
                turns=2 * turn + 1,
                replayed=self.replayed,
            )
            provider.add(rng, account, call)
            at += rng.lognormvariate(4.2, 0.8)


def live(provider: Provider, rng: Random, account: Account, volume: float = 1.0) -> None:
    """Let an ordinary account do what such accounts do: chat, or call from a small product."""
    volume *= provider.setting.volume
    interests = rng.choice(INTERESTS)
    if account.pathway not in {"app", "edu"} and rng.random() > 0.35:
        _small_product(provider, rng, account, interests[0], volume)
        return
    sessions = max(1, min(120, int(rng.lognormvariate(0.55, 0.95) * volume)))
    hours = Hours(account.zone, work=rng.random() < 0.4)
    for at in hours.draw(rng, sessions, max(0, account.opened), provider.end):
        turns = min(14, 1 + int(rng.expovariate(0.55)))
        Session(at=at, interests=interests, turns=turns).hold(provider, rng, account)


def _small_product(provider: Provider, rng: Random, account: Account, interest: str, volume: float) -> None:
    """One template and one system prompt, called by the clock, in office hours or by a nightly job."""
    if rng.random() < 0.55:
        account.system = rng.choice(COMMON_SYSTEM)
    elif rng.random() < 0.75:
        account.system = own_system(provider, rng, account.project)
    begin, count = max(0, account.opened), int(min(900, 2 + rng.paretovariate(0.85) * 3 * volume))
    template = freeze(rng, rng.choice(TEMPLATES_OF_JOBS))
    tools = rng.choice(TOOL_SETS) if rng.random() < 0.5 else None
    way = rng.random()
    times: Iterable[float]
    if way < 0.4:
        times = [rng.uniform(begin, provider.end) for _ in range(count)]
    elif way < 0.75:
        days = Hours(account.zone, work=True).draw(rng, count, begin, provider.end)
        times = [at + rng.expovariate(1 / 200) for at in days]
    else:
        nights = rng.sample(range(provider.days), rng.randint(1, provider.days))
        hour = rng.uniform(0, 24) * HOUR
        times = [rng.choice(nights) * DAY + hour + rng.expovariate(1 / 900) for _ in range(count)]
    for at in times:
        question, capability = ask(provider, rng, account, interest)
        call = Call(
            at=at,
            prompt=provider.corpus.fill(rng, template, question),
            capability=capability,
            tools=tools,
            tool_calls=rng.randint(0, 2),
            tool_results=rng.randint(0, 2),
            end_user=f"eu{rng.randrange(300):04d}" if 0.6 < way < 0.75 else None,
        )
        provider.add(rng, account, call)


def own_system(provider: Provider, rng: Random, project: str, number: int | None = None) -> str:
    """Write a system prompt of somebody's own; `number` picks its kind."""
    template = rng.choice(OWN_SYSTEM) if number is None else OWN_SYSTEM[number]
    return provider.corpus.fill(rng, template, project=project)


@dataclass(frozen=True, kw_only=True)
class ToolRun:
    """A coding tool at work: a request, then tool results and a few words of the person in between."""

    at: float
    tools: list[str]
    turns: int | None = None
    system: str | None = None
    operator: str | None = None

    def hold(self, provider: Provider, rng: Random, account: Account) -> None:
        fill, at, made = provider.corpus.fill, self.at, list[str]()
        conversation = opaque(rng, "c_", 10)
        for turn in range(min(25, self.turns or 2 + int(rng.expovariate(0.22)))):
            if turn == 0:
                prompt = fill(rng, rng.choice(CODE + ISSUES), user=account.user, project=account.project)
            elif rng.random() < 0.2:
                prompt = spin(rng, rng.choice(STEERING))
            else:
                prompt = fill(rng, rng.choice(TOOL_RESULTS), project=account.project)
            call = Call(
                at=at,
                prompt=prompt,
                capability="coding",
                operator=self.operator,
                system=self.system,
                conversation=conversation,
                tools=self.tools,
                tool_calls=int(rng.random() < 0.8),
                tool_results=int(turn > 0),
                turns=2 * turn + 1,
                replayed=made[-2:] if turn and rng.random() < 0.7 else None,
            )
            provider.add(rng, account, call)
            made.append(opaque(rng, "toolu_", 12))
            at += rng.lognormvariate(2.6, 0.9)
