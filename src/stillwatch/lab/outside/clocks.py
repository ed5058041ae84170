"""When people and programs call: weights of hours, sessions drawn by them, and timetables."""

import math

import numpy as np

from stillwatch.lab.outside.accounts import NEVER, Account
from stillwatch.lab.outside.loads import Weights
from stillwatch.lab.outside.world import DAY, HOUR, World

Session = list[float]
"""Times of the calls of one conversation, in seconds."""

HABITS: dict[str, tuple[list[float], float]] = {  # weights of local hours, and of week-ends
    "office": ([0, 0, 0, 0, 0, 0, 1, 3, 8, 11, 11, 10, 7, 9, 11, 10, 9, 7, 3, 2, 1, 1, 0, 0], 0.12),
    "evening": ([2, 1, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 3, 2, 2, 3, 4, 5, 7, 9, 11, 11, 8, 5], 1.3),
    "student": ([4, 2, 1, 0, 0, 0, 0, 1, 3, 5, 6, 6, 5, 6, 7, 7, 7, 6, 6, 8, 9, 10, 9, 7], 0.9),
    "night": ([10, 8, 6, 3, 1, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 7, 8, 10, 11, 11], 1.1),
    "human": ([1, 0.5, 0, 0, 0, 0.5, 1, 3, 6, 8, 8, 8, 7, 7, 8, 8, 8, 7, 7, 7, 7, 6, 4, 2], 0.7),
    "flat": ([1] * 24, 1.0),
    "round_the_clock": ([3, 2, 2, 2, 2, 3, 4, 6, 9, 10, 10, 10, 9, 9, 10, 10, 9, 8, 7, 6, 6, 5, 4, 4], 0.6),
}
MACHINES = {"flat", "round_the_clock"}
LONGEST = 24  # calls of a session
SKIPPED = 0.05  # share of nights that a timetable leaves out


def hours_of(world: World, habit: str, zone: float = 0.0, *, ragged: bool = True) -> Weights:
    """Weights of the log's hours for one person or program; `ragged` lets days differ as they do."""
    rng = world.rng
    base, week_end = HABITS[habit]
    shift = rng.gauss(0, 1.0) if ragged else 0
    active = rng.choice((0.3, 0.5, 0.8, 1.0)) if ragged and habit not in MACHINES else 1.0
    local = np.arange(world.hours) + zone + shift
    hourly = np.asarray(base, float)[local.astype(int) % 24]
    day = np.floor(local / 24).astype(int) + 1
    daily = np.array(
        [
            (rng.random() < active) * rng.gammavariate(2, 0.5) if ragged else rng.uniform(0.9, 1.1)
            for _ in range(world.days + 4)
        ]
    )
    weekly = np.where((world.weekday + day - 1) % 7 >= 5, week_end, 1.0)
    weights: Weights = hourly * daily[np.clip(day, 0, world.days + 3)] * weekly
    return weights


def own_hours(world: World, account: Account, habit: str | None = None) -> Weights:
    """Weights of hours where the account lives."""
    return hours_of(world, habit or account.habit, account.zone)


def sessions(
    world: World,
    calls: float,
    weights: Weights,
    turns: float = 1.0,
    gap: float = 75.0,
    begin: float = 0.0,
    end: float = NEVER,
) -> list[Session]:
    """Draw about `calls` calls in conversations of `turns` calls on average, `gap` seconds apart."""
    rng = world.rng
    weights = np.array(weights, float)
    hours = np.arange(world.hours)
    weights[(hours + 1) * HOUR <= begin] = 0
    weights[hours * HOUR >= end] = 0
    total = weights.sum()
    if total <= 0 or calls <= 0:
        return []
    count = max(1, round(calls / turns))
    chosen = np.searchsorted(np.cumsum(weights) / total, world.many.random(count))
    drawn = []
    for hour in chosen.tolist():
        at = (min(hour, world.hours - 1) + rng.random()) * HOUR
        session = _follow(world, at, 1 - 1 / max(1.0001, turns), gap)
        session = [time for time in session if begin <= time < end and time < world.end]
        if session:
            drawn.append(session)
    return drawn


def _follow(world: World, at: float, goes_on: float, gap: float) -> Session:
    session = [at]
    while world.rng.random() < goes_on and len(session) < LONGEST:
        at += gap * math.exp(world.rng.gauss(0, 0.8)) + 1
        session.append(at)
    return session


def timetable(
    world: World,
    calls: float,
    hour: float,
    minute: float = 0,
    late: float = 20.0,
    *,
    pace: float = 4.0,
    begin: float = 0.0,
    working_days: bool = False,
) -> list[Session]:
    """Single calls that a daily job makes, one after the other, about `calls` in the whole log."""
    rng = world.rng
    days = [
        day
        for day in range(world.days)
        if rng.random() > SKIPPED and not (working_days and (world.weekday + day) % 7 >= 5)
    ]
    drawn = []
    for day in days:
        at = day * DAY + hour * HOUR + minute * 60 + abs(rng.gauss(0, late))
        for _ in range(max(1, round(calls / len(days)))):
            if begin <= at < world.end:
                drawn.append([at])
            at += rng.expovariate(1 / pace)
    return drawn
