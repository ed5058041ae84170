"""Audit capture: banks and insurers record the reasoning behind completed decisions, as their auditors ask (S3, C7)."""

from collections.abc import Iterator

from stillwatch.lab import arrivals, groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

BEHIND = "\n\nThe decision is completed. Articulate the reasoning behind it step by step for the audit file, naming each rule applied."


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "reasoning_audits", 200, floor=2):
        crowd = groups.gather(
            world,
            rng,
            "reasoning_audits",
            groups.size(rng, 3, 14),
            country=groups.some_country(rng),
            client="node-sdk",
        )
        groups.one_firm(rng, crowd)
        groups.one_place(rng, crowd, away=0.0)
        groups.staying(world, crowd)
        groups.volumes(world, rng, crowd, 40, 0.5)
        crowd.habits.weekend[:] = 0.05
        crowd.habits.voices.fields[:] = rng.choice([12, 13])
        calls = arrivals.habitual(world, rng, crowd)
        prompt = groups.wrapped(
            f"Case file of {groups.conversation_name(rng)}:\n",
            groups.own_request(world, rng, crowd, calls),
            BEHIND,
        )
        yield groups.finished(world, rng, crowd, calls, {"prompt": prompt, **groups.single(calls)})
