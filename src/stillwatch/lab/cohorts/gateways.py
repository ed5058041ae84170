"""LLM gateways: one account, many end users of a product, much volume, metadata of the gateway only (C5)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from stillwatch.lab import arrivals, conversation, groups
from stillwatch.lab.arrays import opaque
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "gateways", 500, floor=3):
        crowd = groups.gather(world, rng, "gateways", 1, client="go-client")
        groups.one_egress(rng, crowd)
        groups.staying(world, crowd)
        users = groups.size(rng, 20, 90)
        voices = conversation.customers(world, rng, crowd, np.zeros(users, dtype=np.int64))
        groups.volumes(world, rng, voices, 5.0, 0.8)
        volume = rng.poisson(voices.habits.volume.sum() / 2)
        speaker = rng.choice(users, volume, p=voices.habits.volume / voices.habits.volume.sum())
        start = world.pulses.draw(rng, volume, max(int(crowd.habits.since[0]), world.start), world.end)
        turns = rng.geometric(0.5, volume)
        calls = arrivals.spread(rng, speaker, start, turns, np.full(users, world.end))
        names = pa.array(opaque(rng, users, "u_", 12).tolist())
        given = {"end_user_id": names.take(pa.array(calls.who))} if rng.random() < 0.7 else {}
        made = conversation.exchanges(world, rng, voices, calls, given)
        yield Slice(crowd, made, [])
