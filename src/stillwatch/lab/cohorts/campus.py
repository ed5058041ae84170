"""A university's network: many unrelated students and staff behind the same few addresses."""

from collections.abc import Iterator

from stillwatch.lab import arrivals, groups
from stillwatch.lab.arrays import choose, kept, texts
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "campus", 150):
        crowd = groups.gather(
            world, rng, "campus", groups.size(rng, 50, 300), country=groups.some_country(rng)
        )
        groups.one_place(rng, crowd, campus=True, away=0.4, blocks=3)
        programmes = texts(["edu", "research", None])[choose(rng, (0.4, 0.1, 0.5), crowd.size)]
        own = rng.random(crowd.size) < 0.7
        domain = crowd.account["email_domain"].copy()
        domain[own] = f"{groups.conversation_name(rng)}-uni.example"
        crowd.set(programme=kept(own, programmes), email_domain=domain)
        yield groups.finished(world, rng, crowd, arrivals.habitual(world, rng, crowd))
