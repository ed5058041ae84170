"""What every operator does: hire accounts, replace banned ones, deal out work, and hide if it knows it is watched."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

from stillwatch.lab.elsewhere.accounts import NEVER, Account, Signup, new_card, new_device
from stillwatch.lab.elsewhere.clients import CLIENTS
from stillwatch.lab.elsewhere.corpus import fixed_asks, loose_ask
from stillwatch.lab.elsewhere.network import Address, usually
from stillwatch.lab.elsewhere.people import Hours, Session, own_system
from stillwatch.lab.elsewhere.provider import Call, Provider
from stillwatch.lab.elsewhere.sayings import COMMON_SYSTEM
from stillwatch.lab.elsewhere.setting import DAY, HOUR

FEWEST = 25  # capacity of the smallest operator, in accounts at work at a time
TOOLS = {
    "tool_use": ["search", "calculator", "get_weather", "sql_query", "calendar_add", "send_mail"],
    "agentic_reasoning": ["bash", "read_file", "write_file"],
    "computer_use": ["computer", "screenshot"],
    "orchestration": ["spawn_agent", "message_agent", "finish"],
}
BAN_REASONS = ["terms", "distillation", "payment_fraud", "usage"]
Card = dict[str, object]
Templates = dict[str, list[str]]


class Stint(NamedTuple):
    """One account at work from `begin` to `end`, seconds into the log."""

    begin: float
    end: float
    account: Account

    @property
    def days(self) -> float:
        return (self.end - self.begin) / DAY


Seat = list[Stint]
"""A place in the operator's capacity: an account, and after a ban its successor."""


@dataclass(frozen=True)
class Style:
    """How one operator goes about it, drawn once per log."""

    size: float  # times the usual number of accounts
    pace: float  # times the usual volume of an account
    unevenness: float  # spread (log) of volumes over its accounts
    turnover: float  # times the usual rate of bans
    cards: float  # times the usual number of cards
    loyalty: float  # share of its cards that come from one issuer
    same_device: float  # share of accounts opened on the operator's own device
    farmed: float  # share of accounts bought from a sign-up farm
    part: float  # where its stretch of the prompt pools begins

    @classmethod
    def draw(cls, rng: Random) -> "Style":
        return cls(
            size=rng.uniform(0.6, 1.6),
            pace=math.exp(rng.uniform(-0.5, 0.5)),
            unevenness=rng.uniform(0.15, 0.8),
            turnover=math.exp(rng.uniform(-1, 0.8)),
            cards=rng.uniform(0.6, 2.2),
            loyalty=rng.uniform(0.35, 0.95),
            same_device=rng.uniform(0.03, 0.35),
            farmed=rng.choice([0.0, rng.uniform(0.2, 0.8)]),
            part=rng.random(),
        )


class Crew:
    """One operator in one log. `knowing` operators hide: own networks and cards, human hours, no fixed words."""

    def __init__(self, provider: Provider, name: str, *, knowing: bool) -> None:
        self.provider, self.name, self.knowing = provider, name, knowing
        self.rng = provider.rng(f"operator/{name}/{knowing}")
        self.style = Style.draw(self.rng)
        self.end = provider.end
        self.devices = [new_device(self.rng) for _ in range(4)]
        country = self.rng.choice(["US", "VN", "PH"])
        self._farm = [self._farm_address(country) for _ in range(5)]

    def _farm_address(self, country: str) -> Address:
        network = self.provider.network
        if self.rng.random() < 0.6:
            return network.cloud(self.rng, self.rng.choice(["vpn", "vultr"]))
        return network.home(self.rng, country)

    # Means

    def seats(self, usual: float) -> int:
        return self.provider.count(usual * self.style.size, FEWEST)

    def templates(self, counts: dict[str, int]) -> Templates:
        """Write fixed templates, so many of each capability."""
        return {capability: fixed_asks(self.rng, capability, count) for capability, count in counts.items()}

    def cards(self, usual: int, kind: str, country: str = "US") -> list[Card]:
        """Draw payment instruments of one kind, most of them from one issuer."""
        bins = self.provider.setting.bins
        issuer = self.rng.choice(bins[20:])
        return [
            {
                "payment_fp": new_card(self.rng),
                "payment_kind": kind,
                "payment_country": country,
                "payment_bin": issuer
                if self.rng.random() < self.style.loyalty
                else self.rng.choice(bins[:60]),
            }
            for _ in range(max(1, round(usual * self.style.cards)))
        ]

    def span(self, latest_start: float, longest_rest: float) -> tuple[float, float]:
        """Draw first and last moment of the work; bounds in days, shortened for a short log."""
        days = self.provider.days
        begin = self.rng.uniform(0, min(latest_start, 0.3 * days)) * DAY
        return begin, self.end - self.rng.uniform(0, min(longest_rest, 0.15 * days)) * DAY

    def clouds(self, *wanted: tuple[str, str, int]) -> list[Address]:
        """Draw exits: cloud, country and how many."""
        network = self.provider.network
        return [
            network.cloud(self.rng, name, country) for name, country, count in wanted for _ in range(count)
        ]

    # Accounts

    def hire(self, begin: float, signup: Signup, card: Card, domain: str) -> Account:
        """Open an account that works from `begin`; one that hides takes nothing from the operator's stock."""
        rng = self.rng
        signup = replace(
            signup, cohort=f"op:{self.name}", operator=self.name, language="en", hard_negative=False
        )
        if self.knowing:
            age = rng.uniform(4, 130) * DAY - begin
            country = self.provider.network.country(rng) if rng.random() < 0.7 else signup.country
            leaked = {"device_id": self.devices[0]} if rng.random() < 0.07 else {}
            signup = replace(signup, country=country, age=age, record={**signup.record, **leaked})
            account = self.provider.enrol(rng, signup)
            homes = [self.provider.network.home(rng, account.country) for _ in range(rng.choice([1, 1, 2]))]
            account.route = usually(homes)
            self._blend_in(account)
            return account
        age = (
            rng.uniform(0.02, 0.9) * DAY * rng.choice([1, 3, 10]) - begin
            if signup.age is None
            else signup.age
        )
        record = {**card, "email_domain": domain, **signup.record}
        if rng.random() < self.style.same_device:
            record["device_id"] = rng.choice(self.devices)
        if rng.random() < self.style.farmed:
            farm = rng.choice(self._farm)
            record |= {"signup_ip": farm.ip, "signup_asn": farm.asn, "signup_country": farm.country}
            record["signup_ja4"] = CLIENTS["browser"][1][0]
        return self.provider.enrol(rng, replace(signup, age=age, record=record))

    def _blend_in(self, account: Account) -> None:
        rng = self.rng
        account.system = None
        if rng.random() < 0.5:
            own = rng.random() < 0.4
            account.system = (
                own_system(self.provider, rng, account.project) if own else rng.choice(COMMON_SYSTEM)
            )
        account.adopts = (rng.uniform(0.3, 5) * DAY if rng.random() < 0.6 else NEVER, NEVER)

    def staff(
        self,
        usual: float,
        hire: Callable[[float], Account],
        span: tuple[float, float],
        ban_rate: float,
        gap: tuple[float, float],
    ) -> list[Seat]:
        """Fill seats over `span`; bans come at `ban_rate` a day, successors after `gap` hours."""
        rng, (first, last) = self.rng, span
        ban_rate *= self.style.turnover
        seats = []
        for _ in range(self.seats(usual)):
            begin = first + (
                rng.uniform(0, 0.3) * (last - first) if self.knowing else rng.uniform(0, 0.8) * DAY
            )
            seat: Seat = []
            while begin < last:
                end = min(last, begin + max(HOUR, rng.expovariate(ban_rate / DAY)))
                account = hire(begin)
                seat.append(Stint(begin, end, account))
                if end < last:
                    self.provider.ban(rng, account, end, rng.choice(BAN_REASONS))
                begin = end + rng.uniform(*gap) * HOUR
            seats.append(seat)
        return seats

    # Work

    def volume(self, per_day: float, days: float) -> int:
        """Draw the calls of one account over some days; how even accounts are is the operator's style."""
        spread = self.style.unevenness
        share = self.rng.lognormvariate(-spread * spread / 2, spread)
        return round(per_day * self.style.pace * days * share)

    def human_times(self, account: Account, per_day: float, stint: Stint) -> list[float]:
        """Draw times of work as a person would have them, each account at its own rate."""
        count = max(1, self.volume(per_day, stint.days))
        hours = Hours(account.zone, work=self.rng.random() < 0.5)
        drawn = hours.draw(self.rng, count, stint.begin, stint.end)
        return [at + self.rng.expovariate(1 / 400) for at in drawn]

    def any_times(self, per_day: float, stint: Stint) -> list[float]:
        """Draw times of work at any hour."""
        count = self.volume(per_day, stint.days)
        return [self.rng.uniform(stint.begin, stint.end) for _ in range(count)]

    def request(self, capability: str, templates: Sequence[str], project: str = "core") -> str:
        """Word one task; those who hide word each anew, though an old template leaks now and then."""
        rng, corpus = self.rng, self.provider.corpus
        hidden = self.knowing and rng.random() > 0.12
        template = loose_ask(rng, capability) if hidden else rng.choice(templates)
        task = corpus.task(rng, capability, self.style.part)
        return corpus.fill(rng, template, task, project=project)

    def harvest(self, account: Account, call: Call) -> None:
        """Log one call of the campaign, with the tools its capability needs unless the call says which."""
        rng = self.rng
        call.operator = self.name
        call.tools = TOOLS.get(call.capability) if call.tools is None else call.tools or None
        if call.tools:
            call.tool_calls, call.tool_results = rng.randint(0, 3), rng.randint(0, 2)
            call.turns = rng.choice([1, 1, 1, 3, 5])
        screens = call.capability == "computer_use" and rng.random() < 0.7
        call.images = int(screens or call.capability == "vision")
        self.provider.add(rng, account, call)

    def work(
        self, account: Account, times: Sequence[float], capabilities: Sequence[str], templates: Templates
    ) -> None:
        """Harvest at these times, a capability drawn for each."""
        for at in times:
            capability = self.rng.choice(capabilities)
            prompt = self.request(capability, templates[capability])
            self.harvest(account, Call(at=at, prompt=prompt, capability=capability))

    def cover(self, stint: Stint, sessions: int) -> None:
        """Let the account look lived in: a few innocent sessions."""
        account = stint.account
        for at in Hours(account.zone).draw(self.rng, sessions, stint.begin, stint.end):
            interests = self.rng.choice([["chat"], ["code"], ["write"], ["homework", "chat"]])
            session = Session(at=at, interests=interests, turns=self.rng.randint(1, 3))
            session.hold(self.provider, self.rng, account)


def on_duty(seat: Seat, at: float) -> Account | None:
    """Return who holds the seat at a time."""
    return next((stint.account for stint in seat if stint.begin <= at < stint.end), None)
