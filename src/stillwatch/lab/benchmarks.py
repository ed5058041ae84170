"""Public benchmarks: question sets that many evaluators send, word for word the same."""

from dataclasses import dataclass

import pyarrow as pa

from stillwatch.lab import work
from stillwatch.lab.arrays import Rng
from stillwatch.lab.world import World

MADE = ("reasoning_traces", "coding", "tool_use", "agentic_reasoning", "reward_modelling")
MADE_SIZE = 400


@dataclass(frozen=True)
class Benchmark:
    """A named question set."""

    name: str
    questions: pa.Array


def some(world: World, rng: Rng) -> Benchmark:
    """One public benchmark."""
    real = world.library.by_source
    if real:
        name = sorted(real)[int(rng.integers(len(real)))]
        return Benchmark(name, pa.array(real[name], pa.string()))
    name = MADE[int(rng.integers(len(MADE)))]
    return Benchmark(name, work.items(world, world.rng("benchmark", name), name, MADE_SIZE))
