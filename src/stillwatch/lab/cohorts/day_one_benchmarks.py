"""Day-one benchmarking: unrelated accounts try a new model within a day of its release (S12, C9)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from stillwatch.lab import arrivals, benchmarks, groups
from stillwatch.lab.arrays import DAY, HOUR
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "day_one_benchmarks", 100):
        release = world.releases[int(rng.integers(len(world.releases)))]
        crowd = groups.gather(world, rng, "day_one_benchmarks", groups.size(rng, 15, 50), client="python-sdk")
        groups.known_since(rng, crowd, release.ts)
        questions = benchmarks.some(world, rng).questions
        start = release.ts + (rng.exponential(7, crowd.size) * HOUR).astype(np.int64)
        until = np.minimum(start + DAY, world.end)
        calls = arrivals.spread(
            rng, np.arange(crowd.size), start, rng.integers(15, 70, crowd.size), until, median_gap=5.0
        )
        asked = questions.take(pa.array((calls.turn - 1) % len(questions)))
        yield groups.finished(
            world,
            rng,
            crowd,
            calls,
            {"prompt": asked, "model": groups.fixed(release.model, calls), **groups.single(calls)},
        )
