"""Journalists, moderators and scholars who ask politically sensitive questions, each on their own (S5)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import arrivals, conversation, groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "press_and_research", 50):
        crowd = groups.gather(world, rng, "press_and_research", groups.size(rng, 10, 40))
        calls = arrivals.habitual(world, rng, crowd)
        asked = groups.tasks(world, rng, ("censorship_safe_rewriting",), 60)
        hot = (calls.turn == 1) & (rng.random(calls.size) < 0.5)
        own = conversation.chatter(world, rng, crowd, calls)
        drawn = asked.take(pa.array(rng.integers(0, len(asked), calls.size)))
        yield groups.finished(
            world,
            rng,
            crowd,
            calls,
            own | {"prompt": pc.if_else(pa.array(np.asarray(hot)), drawn, own["prompt"])},
        )
