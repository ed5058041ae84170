"""LLM-as-judge pipelines: a firm grades its own product's answers by one rubric, day after day (S4)."""

from collections.abc import Iterator

from stillwatch.lab import groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "judges", 400, floor=2):
        crowd = groups.gather(world, rng, "judges", groups.size(rng, 1, 6), client="python-sdk")
        groups.one_firm(rng, crowd, invoice=False)
        groups.staying(world, crowd)
        calls = groups.runs(world, rng, crowd, 1.0, rng.integers(4, 20, crowd.size), gap=6.0)
        name = groups.conversation_name(rng)
        crowd.habits.voices.fields[:] = crowd.habits.voices.fields[0, 0]
        answered = groups.own_request(world, rng, crowd, calls)
        prompt = groups.wrapped(
            f"You grade answers of {name}. Rubric: polite (0-2), correct (0-5), on brand (0-3). Return JSON with score and reason.\nCustomer: ",
            answered,
            "\nAnswer: see the attached draft.",
        )
        yield groups.finished(world, rng, crowd, calls, {"prompt": prompt, **groups.single(calls)})
