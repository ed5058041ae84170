"""Classrooms: one assignment, signed up within the hour on one campus, everybody in their own words."""

from collections.abc import Iterator

import numpy as np

from stillwatch.lab import arrivals, groups
from stillwatch.lab.arrays import DAY, HOUR
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "classrooms", 500, floor=2):
        country = groups.some_country(rng)
        crowd = groups.gather(
            world, rng, "classrooms", groups.size(rng, 14, 45), country=country, client="browser"
        )
        groups.one_place(rng, crowd, campus=True, away=0.35)
        begin = (
            world.start + int(rng.integers(0, max(world.days - 4, 1))) * DAY + int(rng.integers(7, 15)) * HOUR
        )
        groups.enrolled(rng, crowd, begin, 1.0)
        crowd.set(
            programme="edu",
            email_domain=f"{groups.conversation_name(rng)}-school.example",
            payment_fp=None,
            payment_kind=None,
            payment_bin=None,
            plan="free",
        )
        groups.volumes(world, rng, crowd, 9, 0.6)
        crowd.habits.volume *= (world.end - world.start) / np.maximum(crowd.habits.until - begin, DAY)
        crowd.habits.volume = np.minimum(crowd.habits.volume, 80)
        crowd.habits.voices.fields[:] = crowd.habits.voices.fields[0, 0]
        sessions = arrivals.habitual(world, rng, crowd)
        start = crowd.habits.since + (rng.random(crowd.size) * HOUR / 4).astype(np.int64)
        lesson = arrivals.spread(
            rng, np.arange(crowd.size), start, rng.integers(2, 7, crowd.size), crowd.habits.until
        )
        yield groups.finished(world, rng, crowd, sessions.followed_by(lesson))
