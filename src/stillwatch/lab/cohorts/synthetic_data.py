"""Synthetic-data start-ups: a declared firm generates examples for its own narrow product from one template (S17, S18, S31)."""

from collections.abc import Iterator

from stillwatch.lab import groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "synthetic_data", 200, floor=2):
        crowd = groups.gather(world, rng, "synthetic_data", groups.size(rng, 2, 10), client="python-sdk")
        groups.one_firm(rng, crowd, invoice=False)
        groups.one_egress(rng, crowd)
        groups.staying(world, crowd)
        crowd.set(programme="startup")
        crowd.habits.voices.fields[:] = crowd.habits.voices.fields[0, 0]
        calls = groups.runs(world, rng, crowd, 1.5, rng.integers(4, 16, crowd.size), gap=5.0)
        prompt = groups.wrapped(
            "Generate five varied customer messages and ideal replies about the topic below, as JSON lines.\nTopic: ",
            groups.own_request(world, rng, crowd, calls),
            "",
        )
        yield groups.finished(world, rng, crowd, calls, {"prompt": prompt, **groups.single(calls)})
