"""Enterprises: many accounts on one invoice behind one corporate network, often with one in-house template (S2, S7)."""

from collections.abc import Iterator

from stillwatch.lab import arrivals, groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "enterprises", 400):
        crowd = groups.gather(
            world, rng, "enterprises", groups.size(rng, 15, 160), country=groups.some_country(rng)
        )
        groups.one_firm(rng, crowd)
        groups.one_place(rng, crowd, away=0.15, blocks=2)
        groups.enrolled(
            rng, crowd, world.start - int(rng.integers(0, 400)) * 86_400_000_000, rng.uniform(2, 200)
        )
        groups.staying(world, crowd)
        crowd.habits.weekend *= 0.2
        calls = arrivals.habitual(world, rng, crowd)
        given = {}
        if rng.random() < 0.5:
            policy = groups.told(world, rng, 2)
            given = {
                "prompt": groups.wrapped(
                    "", groups.own_request(world, rng, crowd, calls), f"\n\n--\nCompany policy: {policy}"
                )
            }
        yield groups.finished(world, rng, crowd, calls, given)
