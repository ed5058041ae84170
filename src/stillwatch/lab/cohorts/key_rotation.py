"""Key rotation, staff turnover and plan migration: old accounts close and new ones of the firm go on (S14)."""

from collections.abc import Iterator

import numpy as np

from stillwatch.lab import arrivals, groups
from stillwatch.lab.arrays import DAY, HOUR
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "key_rotation", 200, floor=2):
        pairs = groups.size(rng, 5, 25)
        crowd = groups.gather(
            world, rng, "key_rotation", 2 * pairs, country=groups.some_country(rng), client="python-sdk"
        )
        groups.one_firm(rng, crowd, invoice=bool(rng.random() < 0.6))
        groups.one_place(rng, crowd, away=0.05)
        groups.staying(world, crowd)
        together = rng.random() < 0.5
        moment = world.start + (rng.random(1 if together else pairs) * 0.8 + 0.1) * world.days * DAY
        change = np.broadcast_to(moment, pairs).astype(np.int64)
        old, new = np.arange(pairs), np.arange(pairs, 2 * pairs)
        habits = crowd.habits
        habits.since[old], habits.until[old] = world.start - 200 * DAY, change
        habits.since[new] = change + (rng.exponential(0.4, pairs) * HOUR).astype(np.int64)
        for values in (
            habits.voices.seed,
            habits.voices.opener,
            habits.voices.closer,
            habits.voices.fields,
            habits.peak,
            habits.width,
            habits.volume,
            habits.agent,
            habits.ja4,
        ):
            values[new] = values[old]
        status = crowd.account["status"].copy()
        status[old] = "closed"
        closed = np.where(np.arange(2 * pairs) < pairs, habits.until, -1).astype(object)
        closed[pairs:] = None
        crowd.set(created_at=habits.since.astype(object), status=status, status_at=closed)
        groups.volumes(world, rng, crowd, 25)
        yield groups.finished(world, rng, crowd, arrivals.habitual(world, rng, crowd))
