"""Independent evaluators: each runs a public benchmark of its choice, the same questions night after night."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from stillwatch.lab import benchmarks, groups
from stillwatch.lab.arrays import Rng
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

WORDINGS = (
    "{}",
    "{}\nAnswer:",
    "Question: {}\nThink step by step, then give the final answer.",
    "{}\nLet's think step by step.",
    "Solve the task.\n{}",
)


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "evaluators", 2_000, floor=6):
        yield evaluator(world, rng, "evaluators", 1)


def evaluator(world: World, rng: Rng, cohort: str, count: int) -> Slice:
    crowd = groups.gather(world, rng, cohort, count, client="python-sdk")
    groups.staying(world, crowd)
    questions = benchmarks.some(world, rng).questions
    sizes = np.full(count, int(rng.integers(15, 90)))
    calls = groups.runs(world, rng, crowd, float(rng.uniform(1, 7)), sizes, gap=4.0)
    first = int(rng.integers(0, max(len(questions) - 90, 1))) if rng.random() < 0.3 else 0
    asked = questions.take(pa.array((first + calls.turn - 1) % len(questions)))
    before, behind = WORDINGS[int(rng.integers(len(WORDINGS)))].split("{}")
    return groups.finished(
        world, rng, crowd, calls, {"prompt": groups.wrapped(before, asked, behind), **groups.single(calls)}
    )
