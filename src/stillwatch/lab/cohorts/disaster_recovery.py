"""A disaster-recovery failover: a firm's standby accounts wake together when its first region fails (S21)."""

from collections.abc import Iterator

import numpy as np

from stillwatch.lab import arrivals, groups
from stillwatch.lab.arrays import DAY, MINUTE
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "disaster_recovery", 100):
        half = groups.size(rng, 8, 25)
        crowd = groups.gather(world, rng, "disaster_recovery", 2 * half, client="node-sdk")
        groups.one_program(rng, crowd, "node-sdk")
        groups.one_firm(rng, crowd)
        groups.one_egress(rng, crowd, 2)
        groups.staying(world, crowd)
        failure = world.start + int((0.3 + 0.5 * rng.random()) * world.days * DAY)
        habits = crowd.habits
        habits.since[:] = world.start - 90 * DAY
        crowd.set(created_at=habits.since.astype(object))
        habits.until[:half] = failure
        habits.since[half:] = failure + (rng.random(half) * 20 * MINUTE).astype(np.int64)
        habits.width[:] = 12.0
        groups.volumes(world, rng, crowd, 45)
        calls = arrivals.habitual(world, rng, crowd)
        text = groups.own_request(world, rng, crowd, calls)
        yield groups.finished(
            world,
            rng,
            crowd,
            calls,
            {
                "prompt": groups.wrapped("Ticket: ", text, "\nDraft the reply."),
                "system": groups.fixed(groups.told(world, rng, 2), calls),
                **groups.single(calls),
            },
        )
