"""Carrier-grade NAT: hundreds of unrelated people behind the same mobile gateway."""

from collections.abc import Iterator

from stillwatch.lab import arrivals, groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "shared_carrier", 150):
        crowd = groups.gather(
            world, rng, "shared_carrier", groups.size(rng, 80, 350), country=groups.some_country(rng)
        )
        groups.one_place(rng, crowd, away=0.3, blocks=2)
        yield groups.finished(world, rng, crowd, arrivals.habitual(world, rng, crowd))
