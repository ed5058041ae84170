"""Ordinary accounts in slices: everybody who is neither in a look-alike cohort nor run by an operator."""

from collections.abc import Iterator

import numpy as np

from stillwatch.lab import arrivals, conversation, people
from stillwatch.lab.arrays import Rng
from stillwatch.lab.people import People
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

SLICE = 4_000
FULL = 1_250_000  # ordinary accounts at scale 1
BANNED = 0.004  # of ordinary accounts, over a log
REASONS = ("terms", "payment", "spam")


def build(world: World) -> Iterator[Slice]:
    """Return the ordinary population, `SLICE` accounts at a time."""
    left = world.count(FULL, 400)
    number = 0
    while left > 0:
        size = min(SLICE, left)
        yield ordinary(world, "ordinary", number, size)
        left -= size
        number += 1


def ordinary(world: World, cohort: str, number: int, size: int) -> Slice:
    """One slice of ordinary people and what they ask."""
    rng = world.rng("population", cohort, number)
    crowd = people.draw(world, rng, size, cohort)
    events = _abuse(world, rng, crowd)
    calls = arrivals.habitual(world, rng, crowd)
    return Slice(crowd, conversation.exchanges(world, rng, crowd, calls), events)


def _abuse(world: World, rng: Rng, crowd: People) -> list[dict[str, object]]:
    """Ban a few for reasons that have nothing to do with harvests: spam, stolen cards, terms."""
    habits = crowd.habits
    begin = np.maximum(habits.since, world.start)
    who = np.flatnonzero((rng.random(crowd.size) < BANNED) & (habits.until > begin))
    reason = REASONS[int(rng.integers(len(REASONS)))]
    lasted = (rng.random(len(who)) * (habits.until[who] - begin[who])).astype(np.int64)
    habits.until[who] = begin[who] + lasted + 1
    return people.ban(crowd, who, reason)
