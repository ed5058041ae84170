"""Dataset cleaning under contract: a declared firm cleans its own records, one template, weeks on end (S26)."""

from collections.abc import Iterator

from stillwatch.lab import groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "dataset_cleaning", 150):
        crowd = groups.gather(world, rng, "dataset_cleaning", groups.size(rng, 2, 8), client="http-library")
        groups.one_firm(rng, crowd)
        groups.one_egress(rng, crowd)
        groups.staying(world, crowd)
        crowd.habits.voices.fields[:] = crowd.habits.voices.fields[0, 0]
        calls = groups.runs(world, rng, crowd, 1.0, rng.integers(4, 14, crowd.size), gap=5.0)
        prompt = groups.wrapped(
            "Clean this support record: fix spelling, drop names, keep the order. Return only the record.\n",
            groups.own_request(world, rng, crowd, calls),
            "",
        )
        yield groups.finished(world, rng, crowd, calls, {"prompt": prompt, **groups.single(calls)})
