"""An evaluation vendor: one declared firm whose accounts run many benchmarks and grade the answers (S4, C10)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import benchmarks, groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "evaluation_vendors", 100):
        crowd = groups.gather(
            world, rng, "evaluation_vendors", groups.size(rng, 6, 20), country="US", client="python-sdk"
        )
        groups.one_firm(rng, crowd)
        groups.one_egress(rng, crowd, 2)
        groups.staying(world, crowd)
        calls = groups.runs(world, rng, crowd, 2.0, rng.integers(8, 25, crowd.size), gap=4.0)
        sets = pa.chunked_array(
            [benchmarks.some(world, rng).questions[:300] for _ in range(4)]
        ).combine_chunks()
        asked = sets.take(pa.array((calls.who * 37 + calls.turn) % len(sets)))
        graded = groups.wrapped(
            "Grade the answer by the rubric (correct, complete, clear), 1 to 5, as JSON.\nQuestion: ",
            asked,
            "\nAnswer: see transcript.",
        )
        prompt = pc.if_else(pa.array(np.asarray(calls.turn % 2 == 0)), graded, asked)
        yield groups.finished(world, rng, crowd, calls, {"prompt": prompt, **groups.single(calls)})
