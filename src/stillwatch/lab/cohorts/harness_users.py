"""Users of one agent harness: one long shared system prompt and tool list, unrelated developers at their own projects."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import arrivals, groups, work
from stillwatch.lab.grammar import Frames
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

SYSTEM = (
    "You are Skiff, an interactive command-line agent for software engineering. Plan before you act, think step by step, "
    "call exactly one tool at a time and verify each edit by running the tests. Keep answers short. Never commit unless asked. "
    "Prefer editing files to creating them. When a command fails, read the error, form a hypothesis and try again."
)
KIT = ("bash", "read_file", "edit_file", "grep", "glob", "run_tests", "todo")
ASKS = Frames(
    (
        "in {p}/{q}.py {n} is broken, {s}. fix it",
        "add a test for {n} to {p}; it must {g}",
        "{s} since yesterday. look at {n} and {m} in {p}",
        "refactor {n} in {p} so that we {g}",
        "why does CI fail on {p}? I think it is {n}",
        "write a migration for {n}, careful: {s}",
        "explain how {p} handles {n}, then propose how to {g}",
    )
)
TECHNICAL = (0, 1, 2, 3, 24, 28, 29)  # fields that developers work in


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "harness_users", 100):
        crowd = groups.gather(world, rng, "harness_users", groups.size(rng, 120, 700), client="harness")
        groups.volumes(world, rng, crowd, 11, 1.0)
        crowd.habits.turns = 2 + rng.gamma(2.0, 2.0, crowd.size)
        crowd.habits.voices.fields[:] = np.array(TECHNICAL)[rng.integers(0, len(TECHNICAL), (crowd.size, 3))]
        calls = arrivals.habitual(world, rng, crowd)
        field = crowd.habits.voices.fields[
            calls.who, rng.integers(0, 2, int(calls.session.max()) + 1)[calls.session]
        ]
        seed = crowd.habits.voices.seed[calls.who]
        slots = world.speech.slots(rng, field, seed)
        first = ASKS.fill(rng.integers(0, ASKS.size, calls.size), slots, world.speech.table)
        later = Frames(work.STEP_FRAMES).fill(
            rng.integers(0, len(work.STEP_FRAMES), calls.size), slots | {"q2": slots["q"]}, world.speech.table
        )
        given = {
            "prompt": pc.if_else(pa.array(calls.turn == 1), first, later),
            "system": groups.fixed(SYSTEM, calls),
            **groups.offered(rng, crowd, calls, KIT),
        }
        yield groups.finished(world, rng, crowd, calls, given)
