"""Hackathons: two days round the clock from one venue, one referral code, agents and tools (C1, C2)."""

from collections.abc import Iterator

import numpy as np

from stillwatch.lab import arrivals, groups
from stillwatch.lab.arrays import DAY, HOUR
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

KIT = ("bash", "edit_file", "grep", "run_tests")


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "hackathons", 100):
        crowd = groups.gather(
            world,
            rng,
            "hackathons",
            groups.size(rng, 30, 120),
            country=groups.some_country(rng),
            client="python-sdk",
        )
        groups.one_place(rng, crowd, away=0.1)
        begin = world.start + int(rng.integers(1, max(world.days - 3, 2))) * DAY + 9 * HOUR
        groups.enrolled(rng, crowd, begin, 3.0)
        crowd.habits.until = np.minimum(crowd.habits.since + 2 * DAY, world.end)
        crowd.set(
            referral=f"hack-{rng.integers(100, 999)}", payment_fp=None, payment_kind=None, payment_bin=None
        )
        crowd.habits.width[:] = 12.0
        groups.volumes(world, rng, crowd, 22 * 14, 0.8)
        calls = arrivals.habitual(world, rng, crowd)
        yield groups.finished(world, rng, crowd, calls, groups.offered(rng, crowd, calls, KIT))
