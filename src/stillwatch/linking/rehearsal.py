"""Small composed logs with which a detector shows what it fires on and what it lets pass.

A rehearsal is a group of accounts that live like everybody else but for what it names: fixed values, or
draws that are made anew for each account or exchange. `everybody` makes the accounts it is played among.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from random import Random

import msgspec

from stillwatch.records import Account, Event, Exchange, Micros

MINUTE = 60_000_000  # microseconds
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 20_514 * DAY  # a Monday
DAYS = 8
RELEASE = START + 5 * DAY
NEW_MODEL, OLD_MODEL = "large-2", "large-1"
CROWD = 240  # accounts of everybody
LAUNCHES = (2, 40, 150)  # days before the log on which many signed up
PATIENCE = 0.4  # chance that a conversation goes on

WORDS = tuple(
    """
    anchor apple attic bakery balcony barley basket beach bicycle blanket bridge butter cabin candle
    canyon carpet castle cellar chapel cherry circus clover cotton cradle cricket curtain desert dinner
    dragon drawer engine fabric falcon farmer feather ferry fiddle forest fountain garden garlic ginger
    glacier granite guitar hammer harbour harvest helmet honey island jacket jungle kettle kitchen
    ladder lantern lemon library lobster magnet maple market meadow mirror monkey mountain museum needle
    orchard oyster paddle palace parrot pepper piano pigeon pillow planet pocket potato rabbit railway
    ribbon river rocket saddle salmon shadow silver sparrow spider station sugar tailor temple thunder
    ticket tiger timber tractor tunnel turtle valley velvet village violin wagon walnut whistle willow
    window winter
    """.split()  # noqa: SIM905  (a hundred words are read more easily so)
)
TALK = (
    "What goes well with {0} and {1} when we have {2}?",
    "My {0} broke near the {1}, who can mend a {2}?",
    "Tell me about the {0} and the {1} of old {2} towns",
    "Is the {0} bigger than a {1} or rather like the {2}",
    "We want to visit the {0}, the {1} and maybe a {2} in spring",
    "Write a birthday card with a {0}, a {1} and a {2} on it",
)
WORK = (
    "Write a Python function that reads {0} records and returns the {1} by {2}, with unit tests",
    "Fix this SQL query over the {0} table, it joins {1} and {2} twice",
    "Clean this data set of {0} rows: drop repeats of {1} and label every {2}",
    "Here is a CSV with {0}, {1} and {2}: compute the monthly averages and plot the trend",
)
SMALL_TALK = (
    "hello there",
    "thanks",
    "good morning, how are you?",
    "can you help me?",
    "tell me a joke",
    "what can you do?",
)
APPS = (
    "You are the friendly cook of the Pantry app. Answer briefly and suggest dishes.",
    "You help travellers of Wayfarer plan trips.",
)
COUNTRIES = ("DE", "BR", "IN", "US")
AGENTS = (
    "python-sdk/2.1",
    "node-sdk/1.9",
    "chat-web",
    "phone-app",
    "curl/8",
    "notebook",
    "editor-plugin",
    "go-sdk/0.4",
)


class Moment(msgspec.Struct, frozen=True):
    """When and by whom something is drawn: account `who` of its crowd, running number of the exchange, time."""

    who: int
    number: int
    ts: int
    topics: list[str]
    rng: Random


Draw = Callable[[Moment], object]
Schedule = Callable[[int, Random], Iterator[tuple[int, int]]]
"""For a number of accounts: account and time of each occasion, in any order."""


class Records(msgspec.Struct, frozen=True):
    """Records of the file contract."""

    exchanges: list[Exchange]
    accounts: list[Account]
    events: list[Event]

    def __add__(self, other: "Records") -> "Records":
        return Records(
            self.exchanges + other.exchanges, self.accounts + other.accounts, self.events + other.events
        )


def each(*values: object) -> Draw:
    """The values in turn, one an account."""
    return lambda moment: values[moment.who % len(values)]


def any_of(*values: object) -> Draw:
    """One of the values, drawn anew each time."""
    return lambda moment: moment.rng.choice(values)


def talk(moment: Moment) -> str:
    """What people ask: mostly their own topics, now and then what everybody asks."""
    if moment.rng.random() < 0.2:
        return moment.rng.choice(SMALL_TALK)
    frames = TALK if moment.who % 8 else WORK
    return frames[(moment.who + moment.rng.randrange(2)) % len(frames)].format(
        *moment.rng.sample(moment.topics, 3)
    )


def asking(frame: str) -> Draw:
    """`frame` with its three slots filled from a pile that all accounts draw from."""
    return lambda moment: frame.format(*moment.rng.sample(WORDS, 3))


def strangers(moment: Moment) -> str:
    """What many people ask, each about something else."""
    guest = Moment(
        moment.rng.randrange(CROWD), moment.number, moment.ts, moment.rng.sample(WORDS, 6), moment.rng
    )
    return talk(guest) + " " + " ".join(moment.rng.sample(WORDS, 12))


def own_hours(daily: float = 2.5, spread: float = 0.9, days: range = range(DAYS)) -> Schedule:
    """People: busy to very different degrees (log-normal), at their own time of day, not every day."""

    def occasions(accounts: int, rng: Random) -> Iterator[tuple[int, int]]:
        for who in range(accounts):
            rate, noon = daily * rng.lognormvariate(0, spread), rng.uniform(8, 20)
            present = [day for day in days if rng.random() < 0.6] or [rng.choice(days)]
            for day in present:
                for _ in range(max(1, round(rng.gauss(rate, rate**0.5)))):
                    yield who, START + day * DAY + int(max(0.0, min(23.9, rng.gauss(noon, 2))) * HOUR)

    return occasions


def dealt_out(hourly: int, days: range = range(DAYS)) -> Schedule:
    """A work queue: so many occasions in every hour of day and night, each to any account."""

    def occasions(accounts: int, rng: Random) -> Iterator[tuple[int, int]]:
        for hour in range(days.start * 24, days.stop * 24):
            for _ in range(hourly):
                yield rng.randrange(accounts), START + hour * HOUR + rng.randrange(HOUR)

    return occasions


def in_shifts(accounts_each: int, hours: int, hourly: int = 2) -> Schedule:
    """So many accounts for so many hours, then the next ones."""

    def occasions(accounts: int, rng: Random) -> Iterator[tuple[int, int]]:
        for who in range(accounts):
            for _ in range(hours * hourly):
                yield who, START + who // accounts_each * hours * HOUR + int(rng.random() ** 2 * hours * HOUR)

    return occasions


def banned(*at: tuple[int, int]) -> tuple[Event, ...]:
    """Bans of a rehearsal's accounts: number of the account, hours since the log began."""
    return tuple(
        Event(ts=Micros(START + hours * HOUR), kind="ban", account_id=_name("suspect", who))
        for who, hours in at
    )


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """A group of accounts that live like everybody but for what is named here."""

    name: str
    size: int = 16
    schedule: Schedule = own_hours()
    patience: float = PATIENCE
    exchange: Mapping[str, object] = {}  # field: a value, or a Draw made for every exchange
    account: Mapping[
        str, object
    ] = {}  # field: a value, or a Draw made for every account at its first exchange
    events: tuple[Event, ...] = ()

    @property
    def suspects(self) -> frozenset[str]:
        """The accounts that are measured."""
        return frozenset(_name("suspect", who) for who in range(self.size))

    def play(self) -> Records:
        """The group's records."""
        records = _lives("suspect", self)
        return Records(records.exchanges, records.accounts, [*records.events, *self.events])


def everybody() -> Records:
    """Everyday accounts, and the release of a model that some of them move to."""
    crowd = Rehearsal(name="everybody", size=CROWD)
    return _lives("person", crowd) + Records(
        [], [], [Event(ts=Micros(RELEASE), kind="model_release", model=NEW_MODEL)]
    )


def _name(kind: str, who: int) -> str:
    return f"{kind}-{who:03d}"


def _lives(kind: str, rehearsal: Rehearsal) -> Records:
    rng = Random(rehearsal.name)  # noqa: S311  (the same log each time)
    occasions: dict[int, list[int]] = {who: [] for who in range(rehearsal.size)}
    for who, ts in rehearsal.schedule(rehearsal.size, rng):
        occasions[who].append(ts)
    exchanges, accounts = [], []
    numbers = count()
    for who, times in occasions.items():
        name = _name(kind, who)
        facts, habits, topics = _person(f"{kind}{who}", who, Random(f"{rehearsal.name}/{who}"))  # noqa: S311
        first = Moment(who, 0, min(times, default=START), topics, rng)
        accounts.append(
            msgspec.convert({"account_id": name} | facts | _drawn(rehearsal.account, first), Account)
        )
        for occasion, begins in enumerate(sorted(times)):
            for turn in count(1):
                number = next(numbers)
                moment = Moment(who, number, begins + turn * MINUTE + rng.randrange(MINUTE), topics, rng)
                fixed = {
                    "exchange_id": f"{kind}-{number}",
                    "ts": moment.ts,
                    "account_id": name,
                    "n_turns": turn,
                }
                fixed["session_id"] = f"{name}/{occasion}"
                drawn = _drawn(habits, moment) | _drawn(rehearsal.exchange, moment)
                exchanges.append(msgspec.convert(fixed | drawn, Exchange))
                if rng.random() >= rehearsal.patience:
                    break
    return Records(exchanges, accounts, [])


def _drawn(fields: Mapping[str, object], moment: Moment) -> dict[str, object]:
    return {name: value(moment) if callable(value) else value for name, value in fields.items()}


def _person(name: str, who: int, rng: Random) -> tuple[dict[str, object], dict[str, object], list[str]]:
    """Facts of an everyday account, what its exchanges are like, and its topics."""
    at = rng.randrange(len(COUNTRIES))
    country = COUNTRIES[at]
    elsewhere = rng.choice(COUNTRIES) if rng.random() < 0.15 else country
    past = START - rng.randrange(1, 300 * DAY)
    agent, carrier, eager = rng.randrange(len(AGENTS)), rng.randrange(3), rng.random() < 0.15
    facts: dict[str, object] = {
        "created_at": START - rng.choice(LAUNCHES) * DAY + rng.randrange(5 * HOUR)
        if rng.random() < 0.2
        else past,
        "org_id": f"org of {name}" if rng.random() < 0.3 else None,
        "email_domain": rng.choice(("mail.test", "post.test", "letter.test", f"{name}.test")),
        "payment_kind": rng.choice(("credit", "credit", "debit", "prepaid", "virtual")),
        "payment_bin": f"4{at}0{rng.randrange(3)}",
        "payment_fp": f"card of {name}",
        "payment_country": country,
        "signup_country": country,
        "phone_country": elsewhere,
        "declared_country": country,
        "kyc_level": rng.choice((0, 1, 2, 2)),
        "device_id": f"device of {name}",
    }
    tokens = rng.gauss(5.6, 0.4)
    habits: dict[str, object] = {
        "pathway": "app" if agent in (2, 3) else "api",
        "model": lambda moment: NEW_MODEL if eager and moment.ts > RELEASE + DAY else OLD_MODEL,
        "system": APPS[0] if agent == 2 else APPS[1] if agent == 3 else None,
        "prompt": talk,
        "tools": [f"{rng.choice(WORDS)}_lookup"] if agent == 6 else None,
        "max_tokens": rng.choice((1024, 2000, 4096)),
        "temperature": rng.choice((0.5, 0.7, 1.0)),
        "tokens_in": 80,
        "tokens_out": lambda moment: int(moment.rng.lognormvariate(tokens, 0.6)) + 1,
        "http_status": 200,
        "client_ip": f"10.{at * 3 + carrier}.{rng.randrange(250)}.{rng.randrange(250)}",
        "asn": 64_500 + at * 3 + carrier,
        "country": country,
        "user_agent": AGENTS[agent],
        "ja4": f"t13d{agent // 2}",
        "accept_language": f"{country.lower()}" if rng.random() < 0.8 else None,
        "replayed_ids": [f"call of household {who // 2}"] if agent == 7 else None,
    }
    return facts, habits, rng.sample(WORDS, 14)
