"""What everybody in a simulated log shares: the calendar, the models and their releases, and sources of chance."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from zlib import crc32

import numpy as np

from stillwatch.lab.arrays import DAY, HOUR, Rng
from stillwatch.lab.library import Library
from stillwatch.lab.pulses import Pulses
from stillwatch.lab.speech import Speech

MODELS = ("atlas-large-3", "atlas-small-3", "atlas-mini-2")
MODEL_SHARES = (0.45, 0.4, 0.15)
NEW_MODELS = ("atlas-large-4", "atlas-small-4")
YEARS_BEFORE = 3  # how far back ordinary accounts reach


@dataclass(frozen=True)
class Release:
    """A model release: when and which."""

    ts: int
    model: str


@dataclass(frozen=True)
class World:
    """One simulated provider: `start` and `end` are microseconds, `scale` multiplies accounts."""

    seed: int
    start: int
    days: int
    scale: float
    evasions: frozenset[str] = frozenset()
    activity: float = 1.0  # multiplies everybody's volume
    library: Library = field(default_factory=Library)
    speech: Speech = field(default_factory=Speech)

    @property
    def end(self) -> int:
        return self.start + self.days * DAY

    @property
    def months(self) -> float:
        """Length in units of four weeks, times activity: what volumes over a month are multiplied by."""
        return self.days / 28 * self.activity

    @property
    def clean_until(self) -> int:
        """No campaign starts before: a quarter of the span, a week in a log of four."""
        return self.start + self.days * DAY // 4

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """Two releases, near the middle and before the last quarter, at a working hour in UTC."""
        chance = self.rng("releases")
        middle = int(self.days * 0.5 + chance.integers(-1, 2))
        late = int(self.days * 0.75 + chance.integers(-1, 2))
        hours = chance.integers(15, 19, 2)
        days = (middle, max(late, middle + 1))
        return tuple(
            Release(int(self.start + day * DAY + hour * HOUR), model)
            for day, hour, model in zip(days, hours, NEW_MODELS, strict=True)
        )

    @cached_property
    def pulses(self) -> Pulses:
        """Arrival shapes of real services, from beside the library's prompts."""
        return Pulses(self.library.folder.parent if self.library.folder else None)

    def plain(self) -> "World":
        """Return the same world, where nobody hides anything."""
        return replace(self, evasions=frozenset())

    def rng(self, *names: str | int) -> Rng:
        """Return a source of chance of its own for each name, so that one part's draws never move another's."""
        return np.random.default_rng([self.seed, crc32("/".join(map(str, names)).encode())])

    def count(self, full: float, floor: int = 1) -> int:
        """How many of something that numbers `full` at scale 1."""
        return max(floor, round(full * self.scale))
