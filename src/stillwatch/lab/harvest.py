"""The texts and settings of a harvest: jobs of the queue, worded by the operator's templates, as exchanges."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import arrivals, paraphrase, requests, topics, work
from stillwatch.lab.arrays import Bools, Ints, Rng, mixed
from stillwatch.lab.arrivals import Calls
from stillwatch.lab.operators.plan import Operator, Task
from stillwatch.lab.people import People
from stillwatch.lab.requests import Columns
from stillwatch.lab.world import World

STEP_SECONDS = 14.0  # median gap between two calls of an agent loop


def exchanges(world: World, rng: Rng, operator: Operator, pool: People, jobs: Calls) -> pa.Table:
    """All illicit exchanges of an operator, one item of the queue a job."""
    kinds = _tasks(rng, operator, jobs)
    parts = []
    for index, task in enumerate(operator.tasks):
        mine = np.flatnonzero(kinds == index)
        if len(mine):
            parts.append(_task(world, rng, operator, task, pool, jobs.keep(mine)))
    return pa.concat_tables(parts)


def _tasks(rng: Rng, operator: Operator, jobs: Calls) -> Ints:
    """Which task each job is; a task that begins later takes its share from then on."""
    progress = (jobs.ts - jobs.ts.min()) / max(int(jobs.ts.max() - jobs.ts.min()), 1)
    weights = np.array(
        [
            [task.share / (1 - task.after) if p >= task.after else 0.0 for task in operator.tasks]
            for p in np.linspace(0, 1, 101)
        ]
    )
    edges = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    drawn = rng.random(jobs.size)[:, None]
    return np.minimum((drawn > edges[(progress * 100).astype(np.int64)]).sum(axis=1), len(operator.tasks) - 1)


def _task(world: World, rng: Rng, operator: Operator, task: Task, pool: People, jobs: Calls) -> pa.Table:
    queue = work.items(world, rng, task.capability, jobs.size)
    if "topic_pinning" in world.evasions:
        queue = queue.take(pa.array(topics.pinned(queue, jobs.who)))
    steps = rng.geometric(1 / task.steps, jobs.size)
    calls = arrivals.spread(rng, jobs.who, jobs.ts, np.minimum(steps, 12), pool.habits.until, STEP_SECONDS)
    opened = calls.turn == 1
    item = queue.take(pa.array(calls.session))
    wording = rng.integers(0, len(task.wordings), jobs.size)[calls.session]
    first = (
        paraphrase.worded(world, rng, task.capability, item)
        if operator.paraphrases
        else _worded(task, item, wording)
    )
    later = work.steps(world, rng, calls.size)
    columns = requests.request(world, rng, pool, calls)
    columns |= _settings(rng, task, calls, opened)
    columns["prompt"] = pc.if_else(pa.array(opened), first, later)
    columns["system"] = _systems(world, rng, operator, task, pool, calls)
    columns["response"] = world.speech.answer(
        rng, world.speech.fields_of[0][mixed(calls.session) % 36], mixed(calls.ts)
    )
    columns["model"] = _pivoted(world, rng, operator, calls)
    columns |= requests.outcome(rng, columns)
    columns["operator"] = pa.array([operator.id]).take(pa.array(np.zeros(calls.size, dtype=np.int64)))
    columns["capability"] = pa.array([task.capability]).take(pa.array(np.zeros(calls.size, dtype=np.int64)))
    return requests.table(columns, calls.size)


def _worded(task: Task, item: pa.Array, wording: Ints) -> pa.Array:
    before = pa.array([frame.split("{item}")[0] for frame in task.wordings])
    behind = pa.array([frame.split("{item}")[1] for frame in task.wordings])
    rows = pa.array(wording)
    return pc.binary_join_element_wise(before.take(rows), item, behind.take(rows), "")


def _systems(world: World, rng: Rng, operator: Operator, task: Task, pool: People, calls: Calls) -> pa.Array:
    if not task.systems:
        return pa.nulls(calls.size, pa.string())
    if operator.paraphrases:
        return paraphrase.systems(world, rng, pool).take(pa.array(calls.who))
    return pa.array(task.systems).take(pa.array(rng.integers(0, len(task.systems), calls.size)))


def _settings(rng: Rng, task: Task, calls: Calls, opened: Bools) -> Columns:
    size = calls.size
    settings: Columns = {
        "n_images": pa.array(np.full(size, task.images)),
        "max_tokens": pa.array(np.full(size, task.max_tokens)),
        "n_turns": pa.array(calls.turn),
    }
    if task.temperature is not None:
        settings["temperature"] = pa.array(np.full(size, task.temperature))
    if task.effort is not None:
        settings["reasoning_effort"] = pa.array([task.effort]).take(pa.array(np.zeros(size, dtype=np.int64)))
    if task.tools:
        settings["tools"] = pa.array([list(task.tools)]).take(pa.array(np.zeros(size, dtype=np.int64)))
        settings["n_tool_calls"] = pa.array((rng.random(size) < 0.85).astype(np.int64))
        settings["n_tool_results"] = pa.array(np.where(opened, 0, 1))
    return settings


def _pivoted(world: World, rng: Rng, operator: Operator, calls: Calls) -> pa.Array:
    """Model of each call: the pool's main model; within a day of a release a share of it moves over."""
    chosen = np.full(calls.size, "atlas-large-3", dtype=object)
    chosen[rng.random(calls.size) < 0.1] = "atlas-small-3"
    if operator.pivot > 0:
        release = world.releases[0]
        ramp = np.clip((calls.ts - release.ts) / (20 * 3_600_000_000), 0, 1) * operator.pivot
        chosen[rng.random(calls.size) < ramp] = release.model
    return pa.array(chosen.tolist(), pa.string())


__all__ = ["exchanges"]
