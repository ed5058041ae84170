"""Ordinary accounts in slices: everybody who is neither in a look-alike cohort nor run by an operator."""

from collections.abc import Iterator

from stillwatch.lab import arrivals, conversation, people
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

SLICE = 4_000
FULL = 1_250_000  # ordinary accounts at scale 1


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
    calls = arrivals.habitual(world, rng, crowd)
    return Slice(crowd, conversation.exchanges(world, rng, crowd, calls), [])
