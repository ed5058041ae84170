"""One simulated provider: its calendar, models, payment issuers and everything that accounts share or leave behind."""

import math
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

import numpy as np

from stillwatch.lab.outside.accounts import Account, Ban, Card
from stillwatch.lab.outside.calls import Calls
from stillwatch.lab.outside.countries import CODES
from stillwatch.lab.outside.loads import weekly_loads
from stillwatch.lab.outside.network import Network
from stillwatch.lab.outside.recording import Recording
from stillwatch.lab.outside.tasks import Tasks

DAY = 86_400.0
HOUR = 3_600.0
EARLIEST = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
STARTS = 180  # days after EARLIEST at which logs begin
FULL_SIZE = 15_000  # accounts at which cohorts have their own sizes
NEARLY_FULL = 0.9  # of FULL_SIZE; below it there are fewer groups of each kind
SMALLEST = 0.15  # scale below which groups do not shrink further
CARD_KINDS = {"credit": 56.0, "debit": 32.0, "virtual": 7.0, "prepaid": 5.0}
BIN_FAMILIES = (4, 5)


class Happening(NamedTuple):
    """A line of the provider's events, at a time in seconds."""

    at: float
    kind: str
    model: str | None = None
    account: str | None = None
    note: str | None = None


class Models:
    """The models on offer, and those released while the log runs."""

    def __init__(self, rng: Random, days: int) -> None:
        family = rng.choice(["atlas", "orion", "lumen", "sable", "m"])
        sizes = [f"{family}-{rng.choice('23')}-{size}" for size in ("large", "medium", "mini")]
        self.old = [*sizes, f"{family}-1-legacy"]
        days_of_release = sorted((rng.uniform(4, days - 8), rng.uniform(8, days - 4)))
        self.releases = days_of_release[: rng.choice((1, 2))]
        self.new = [
            f"{family}-{4 + number}-{rng.choice(['pro', 'large', 'max'])}"
            for number in range(len(self.releases))
        ]


class Issuers:
    """BINs of card issuers: six of each country, and five that issue virtual and prepaid cards to anybody."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.national = {country: [self._bin() for _ in range(6)] for country in CODES}
        self.virtual = [self._bin() for _ in range(5)]

    def _bin(self) -> str:
        return f"{self._rng.choice(BIN_FAMILIES) * 100_000 + self._rng.randrange(100_000):06d}"


class World:
    """What all cohorts and operators of one log draw on, and where their accounts and calls gather."""

    def __init__(self, seed: int, size: int, days: int) -> None:
        rng = self.rng = Random(seed * 7919 + 13)
        self.many = np.random.default_rng(seed * 104_729 + 7)
        self.size, self.days, self.hours = size, days, days * 24
        self.end = days * DAY
        self.scale = size / FULL_SIZE
        self.start = EARLIEST + int(DAY) * rng.randrange(STARTS)
        self.weekday = datetime.fromtimestamp(self.start, tz=UTC).weekday()
        self.tasks = Tasks(rng, seed)
        self.network = Network(rng)
        self.models = Models(rng, days)
        self.events = [
            Happening(day * DAY, "model_release", model=model)
            for day, model in zip(self.models.releases, self.models.new, strict=True)
        ]
        if rng.random() < 0.6:
            self.events.append(Happening(rng.uniform(2, days) * DAY, "policy_change", note="terms update"))
        self.recording = Recording(rng)
        self.loads = weekly_loads(self.hours)
        self.issuers = Issuers(rng)
        self.accounts: list[Account] = []
        self.calls = Calls()
        self._minted: set[str] = set()

    def mint(self, digits: int) -> str:
        """Return a hexadecimal id that this log has not used."""
        while True:
            drawn = f"{self.rng.getrandbits(4 * digits):0{digits}x}"
            if drawn not in self._minted:
                self._minted.add(drawn)
                return drawn

    def card(self, country: str, kind: str | None = None, issuer: str | None = None) -> Card:
        """Return a new card."""
        kind = kind or self.rng.choices(list(CARD_KINDS), list(CARD_KINDS.values()))[0]
        fingerprint = "pf_" + self.mint(12)
        if issuer is None:
            virtual = kind in {"virtual", "prepaid"}
            national = self.issuers.national.get(country, self.issuers.national["US"])
            issuer = self.rng.choice(self.issuers.virtual if virtual else national)
        return Card(fingerprint, kind, country, issuer)

    def ban(self, account: Account, at: float, note: str) -> None:
        """Ban an account: nothing it calls afterwards is kept."""
        account.ends = min(account.ends, at)
        account.ban = Ban(at, note)
        self.events.append(Happening(at, "ban", account=account.id, note=note))

    def groups(self, usual: int) -> int:
        """How many groups of a kind there are, of `usual` ones at full size."""
        return max(1, round(usual * self.scale)) if self.scale < NEARLY_FULL else usual

    def members(self, fewest: int, most: int) -> int:
        """How many accounts a group has, of so many at full size."""
        return max(2, int(self.rng.uniform(fewest, most) * min(1, max(SMALLEST, self.scale))))

    def volume(self, median: float, spread: float, most: int = 2_500) -> int:
        """How many calls one account makes in the whole log: lognormal, cut off at `most`."""
        return int(min(most, max(1, median * math.exp(self.rng.gauss(0, spread)))))
