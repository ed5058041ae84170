"""The texts and settings of a harvest: jobs of the queue, worded by the operator's templates, as exchanges."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab import arrivals, conversation, paraphrase, requests, topics, work
from stillwatch.lab.arrays import HOUR, Ints, Rng, mixed
from stillwatch.lab.arrivals import Calls
from stillwatch.lab.operators.plan import Operator, Task
from stillwatch.lab.outcomes import outcome
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
            parts.append(_task(world, rng, operator, task, pool=pool, jobs=jobs.keep(mine)))
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
    passed = (drawn > edges[(progress * 100).astype(np.int64)]).sum(axis=1)
    kinds: Ints = np.minimum(passed, len(operator.tasks) - 1).astype(np.int64)
    return kinds


def _task(world: World, rng: Rng, operator: Operator, task: Task, *, pool: People, jobs: Calls) -> pa.Table:
    queue = work.items(world, rng, task.capability, jobs.size)
    if "topic_pinning" in world.evasions:
        queue = queue.take(pa.array(topics.pinned(queue, jobs.who)))
    steps = rng.geometric(1 / task.steps, jobs.size)
    calls = arrivals.spread(
        rng, jobs.who, jobs.ts, np.minimum(steps, 12), pool.habits.until, median_gap=STEP_SECONDS
    )
    opened = calls.turn == 1
    item = queue.take(pa.array(calls.session))
    wording = rng.integers(0, len(task.wordings), jobs.size)[calls.session]
    first = (
        paraphrase.worded(rng, task.capability, item)
        if operator.paraphrases
        else _worded(task, item, wording)
    )
    later = work.steps(world, rng, calls.size)
    columns = requests.request(world, rng, pool, calls)
    columns |= _settings(rng, task, calls, pool)
    columns["prompt"] = pc.if_else(pa.array(opened), first, later)
    columns["system"] = _systems(rng, operator, task, pool, calls)
    if operator.injected is not None and not operator.paraphrases:
        columns |= _injected(rng, operator.injected, columns, calls)
    if operator.replays > 0:
        columns["replayed_ids"] = _captured(world, rng, operator, calls.size)
    columns["response"] = world.speech.answer(
        rng, world.speech.fields_of[0][mixed(calls.session) % 36], mixed(calls.ts)
    )
    columns["model"] = pivoted(world, rng, operator, calls)
    columns |= outcome(rng, columns)
    columns |= truth(operator.id, task.capability, calls.size)
    return requests.table(columns, calls.size)


def truth(operator: str, capability: str, size: int) -> Columns:
    """Return the truth columns of illicit exchanges of one capability."""
    return {
        "operator": pa.repeat(pa.scalar(operator), size),
        "capability": pa.repeat(pa.scalar(capability), size),
    }


def _injected(rng: Rng, instruction: str, columns: Columns, calls: Calls) -> Columns:
    """Return the fixed instruction before or after the prompt, or as the system prompt: one place a job."""
    place = rng.integers(0, 3, int(calls.session.max()) + 1)[calls.session]
    prompt = columns["prompt"]
    head = pc.binary_join_element_wise(instruction, prompt, "\n\n")
    tail = pc.binary_join_element_wise(prompt, instruction, "\n\n")
    return {
        "prompt": pc.if_else(pa.array(place == 0), head, pc.if_else(pa.array(place == 1), tail, prompt)),
        "system": pc.if_else(pa.array(place == 2), instruction, columns["system"]),
    }


def _captured(world: World, rng: Rng, operator: Operator, size: int) -> pa.Array:
    """Ids of captured answers, sent back once or twice by whichever account has the job."""
    ids = work.captured_ids(world, operator.id, max(size // 2, 1))
    sent = rng.random(size) < operator.replays
    offsets = np.concatenate([[0], np.cumsum(sent)]).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(offsets), ids.take(pa.array(rng.integers(0, len(ids), int(sent.sum()))))
    )


def _worded(task: Task, item: pa.Array, wording: Ints) -> pa.Array:
    before = pa.array([frame.split("{item}")[0] for frame in task.wordings])
    behind = pa.array([frame.split("{item}")[1] for frame in task.wordings])
    rows = pa.array(wording)
    return pc.binary_join_element_wise(before.take(rows), item, behind.take(rows), "")


def _systems(rng: Rng, operator: Operator, task: Task, pool: People, calls: Calls) -> pa.Array:
    if not task.systems:
        return pa.nulls(calls.size, pa.string())
    if operator.paraphrases:
        return paraphrase.systems(rng, pool).take(pa.array(calls.who))
    return pa.array(task.systems).take(pa.array(rng.integers(0, len(task.systems), calls.size)))


def _settings(rng: Rng, task: Task, calls: Calls, pool: People) -> Columns:
    size = calls.size
    settings: Columns = {
        "n_images": pa.array(np.full(size, task.images)),
        "max_tokens": pa.array(np.full(size, task.max_tokens)),
        "n_turns": pa.array(calls.turn),
    }
    thread = mixed(pool.habits.voices.seed[calls.who], calls.session, int(rng.integers(0, 1 << 40)))
    settings |= conversation.tool_turns(rng, calls, np.full(size, bool(task.tools)), thread)
    if task.temperature is not None:
        settings["temperature"] = pa.array(np.full(size, task.temperature))
    if task.effort is not None:
        settings["reasoning_effort"] = pa.repeat(pa.scalar(task.effort), size)
    if task.tools:
        settings["tools"] = pa.array([list(task.tools)]).take(pa.array(np.zeros(size, dtype=np.int64)))
    return settings


def pivoted(world: World, rng: Rng, operator: Operator, calls: Calls) -> pa.Array:
    """Return the model of each call: the pool's own; after a release, or half-way, a share moves to another."""
    main = np.where(rng.random(calls.size) < 0.9, "atlas-large-3", "atlas-small-3").astype(object)
    if operator.pivot > 0:
        release = world.releases[0]
        ramp = np.clip((calls.ts - release.ts) / (20 * HOUR), 0, 1) * operator.pivot
        main[rng.random(calls.size) < ramp] = release.model
    if operator.shift is not None:
        middle = (int(calls.ts.min()) + int(calls.ts.max())) // 2
        main[(calls.ts > middle) & (rng.random(calls.size) < 0.95)] = operator.shift
    return pa.array(main.tolist(), pa.string())
