"""Run one operator: enrol its pool, let it work through its queue, and mix in what hides it."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from stillwatch.lab import arrivals, conversation, evasions, harvest, relay, rhythms
from stillwatch.lab.arrays import DAY, MINUTE, Floats, Ints, Rng
from stillwatch.lab.arrivals import Calls
from stillwatch.lab.enrol import crew
from stillwatch.lab.operators.plan import Operator
from stillwatch.lab.people import People, ban
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def sizes(world: World, operators: list[Operator], benign: int, share: float) -> dict[str, int]:
    """Accounts of each operator: its size at this scale, all shrunk alike where they pass `share` of all accounts."""
    wanted = {operator.id: world.count(operator.accounts, operator.floor) for operator in operators}
    most = benign * share / (1 - share)
    shrink = min(1.0, most / max(sum(wanted.values()), 1))
    return {name: max(2, round(count * shrink)) for name, count in wanted.items()}


def run(world: World, operator: Operator, size: int) -> Slice:
    """All accounts, exchanges and bans of one operator."""
    rng = world.rng("operator", operator.id)
    operator = evasions.disguised(operator, world.evasions)
    start = int(world.clean_until + rng.random() * world.days * DAY * 0.18)
    pool = crew(world, rng, operator, size, start)
    banned = _lives(world, rng, operator, pool, start)
    calls = _schedule(world, rng, operator, pool, start)
    if operator.relayed is None:
        tables = [harvest.exchanges(world, rng, operator, pool, calls)]
    else:
        tables = [relay.exchanges(world, rng, operator, pool, calls)]
    if operator.cover.share > 0:
        tables.append(_cover(world, rng, operator, pool, calls))
    return Slice(pool, pa.concat_tables(tables), banned)


def _lives(world: World, rng: Rng, operator: Operator, pool: People, start: int) -> list[dict[str, object]]:
    """Set from when to when each account works; returns the ban events."""
    habits, size = pool.habits, pool.size
    ready = np.array([int(value) for value in pool.account["created_at"]])
    since = np.maximum(start + (rng.random(size) * DAY).astype(np.int64), ready)
    length = (world.end - start) if operator.days is None else operator.days * world.days / 28 * DAY
    end = min(world.end, int(start + length))
    until = np.full(size, end, dtype=np.int64)
    lost = round(size * operator.bans.share / (1 + operator.bans.share))
    order = rng.permutation(size)
    first, heirs = order[:lost], order[lost : 2 * lost]
    times = start + DAY // 2 + (rng.random(lost) * max(end - start - DAY, DAY // 4)).astype(np.int64)
    until[first] = times
    since[heirs] = times + (rng.exponential(operator.bans.successor_minutes, lost) * MINUTE).astype(np.int64)
    if operator.bans.standby > 0:
        asleep = order[2 * lost : 2 * lost + round(size * operator.bans.standby)]
        awake = np.setdiff1d(order[2 * lost :], asleep)
        wave = int(start + 0.45 * (end - start))
        first = np.concatenate([first, awake])
        until[awake] = wave + (rng.random(len(awake)) * 40 * MINUTE).astype(np.int64)
        since[asleep] = wave + ((20 + rng.exponential(30, len(asleep))) * MINUTE).astype(np.int64)
    habits.since, habits.until = since, until
    return ban(pool, first, "terms")


def _appetite(world: World, rng: Rng, operator: Operator, size: int) -> Floats:
    spread = 0.9 if "volume_jitter" in world.evasions or operator.rhythm.kind == "own_hours" else 0.0
    return np.exp(rng.normal(0, 1, size) * spread)


def mean_steps(operator: Operator) -> float:
    """Mean exchanges a job."""
    return sum(task.share * task.steps for task in operator.tasks)


def _schedule(world: World, rng: Rng, operator: Operator, pool: People, start: int) -> Calls:
    """Return the harvest's calls; each session is one job of the queue."""
    illicit = operator.volume * (1 - operator.cover.share) * world.months
    jobs = round(illicit * pool.size / mean_steps(operator))
    appetite = _appetite(world, rng, operator, pool.size)
    habits = pool.habits
    if operator.rhythm.kind == "own_hours":
        begin = np.maximum(habits.since, world.start)
        part = (habits.until - begin) / (world.end - world.start)
        habits.volume = jobs * appetite / (appetite * np.maximum(part, 1e-6)).sum()
        flat = replace(habits, turns=np.ones(pool.size))
        kept = People(pool.account, flat, pool.cohort)
        drawn = arrivals.habitual(world, rng, kept)
        order = np.argsort(drawn.ts)
        return drawn.keep(order)
    times = _times(world, rng, operator, jobs, (start, int(habits.until.max())))
    who = rhythms.deal(rng, operator.rhythm, times, (habits.since, habits.until), appetite)
    kept_rows = np.flatnonzero(who >= 0)
    count = len(kept_rows)
    return Calls(who[kept_rows], times[kept_rows], np.arange(count), np.ones(count, dtype=np.int64))


def _times(world: World, rng: Rng, operator: Operator, jobs: int, span: tuple[int, int]) -> Ints:
    if operator.rhythm.kind == "served":
        return world.pulses.draw(rng, jobs, *span)
    return rhythms.job_times(rng, operator.rhythm, jobs, *span)


def _cover(world: World, rng: Rng, operator: Operator, pool: People, jobs: Calls) -> pa.Table:
    """Innocent calls in the pool's accounts; several voices an account are several customers of a proxy."""
    cover, habits = operator.cover, pool.habits
    shares = np.clip(cover.share + rng.normal(0, cover.spread, pool.size), 0.05, 0.85)
    illicit = np.bincount(jobs.who, minlength=pool.size) * mean_steps(operator)
    part = np.maximum(
        (habits.until - np.maximum(habits.since, world.start)) / (world.end - world.start), 1e-6
    )
    crowd = conversation.customers(world, rng, pool, np.repeat(np.arange(pool.size), cover.voices))
    crowd.habits.volume = np.repeat(illicit * shares / (1 - shares) / part / cover.voices, cover.voices)
    calls = arrivals.habitual(world, rng, crowd)
    return conversation.exchanges(world, rng, crowd, calls)
