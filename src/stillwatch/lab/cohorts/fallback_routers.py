"""Fallback routers: silent until another vendor fails, then a burst; they follow the newest model (C8, C9)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from stillwatch.lab import arrivals, groups
from stillwatch.lab.arrays import DAY, HOUR
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    outages = world.start + world.rng("outages").random(4) * world.days * DAY
    for rng in groups.instances(world, "fallback_routers", 400, floor=3):
        crowd = groups.gather(world, rng, "fallback_routers", 1, client="node-sdk")
        groups.known_since(rng, crowd, world.start)
        start = (outages + rng.random(len(outages)) * HOUR / 4).astype(np.int64)
        calls = arrivals.spread(
            rng,
            np.zeros(len(start), dtype=np.int64),
            start,
            rng.integers(10, 60, len(start)),
            np.full(1, world.end),
            median_gap=8.0,
        )
        newest = np.searchsorted([release.ts for release in world.releases], calls.ts)
        models = pa.array(["atlas-large-3", *(release.model for release in world.releases)]).take(
            pa.array(newest)
        )
        yield groups.finished(
            world,
            rng,
            crowd,
            calls,
            {"prompt": groups.own_request(world, rng, crowd, calls), "model": models, **groups.single(calls)},
        )
