"""Users of one app: one system prompt, one template, one egress, hundreds of unrelated accounts (S16)."""

from collections.abc import Iterator

import pyarrow as pa

from stillwatch.lab import arrivals, groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "app_users", 250):
        crowd = groups.gather(world, rng, "app_users", groups.size(rng, 60, 450), client="http-library")
        groups.one_program(rng, crowd, "http-library")
        groups.one_egress(rng, crowd)
        calls = arrivals.habitual(world, rng, crowd)
        name = groups.conversation_name(rng)
        text = groups.wrapped(
            f"[{name}] The user wrote:\n",
            groups.own_request(world, rng, crowd, calls),
            f"\nReply in the style of {name}. Never break character. Finish with one question.",
        )
        yield groups.finished(
            world,
            rng,
            crowd,
            calls,
            {
                "prompt": text,
                "system": groups.fixed(groups.told(world, rng), calls),
                "user_agent": groups.fixed(f"{name}/2.{rng.integers(9)}", calls),
                "reasoning_effort": pa.nulls(calls.size, pa.string()),
            },
        )
