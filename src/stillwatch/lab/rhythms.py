"""When an operator's pool works, and which account takes which job."""

from itertools import pairwise

import numpy as np

from stillwatch.lab.arrays import DAY, HOUR, Bools, Floats, Ints, Rng
from stillwatch.lab.operators.plan import Rhythm


def job_times(rng: Rng, rhythm: Rhythm, jobs: int, begin: int, end: int) -> Ints:
    """Sorted start times of an operation's jobs: round the clock, growing over its first day, with outages."""
    drawn = begin + np.sort(rng.random(int(jobs * 1.6) + 16)) * (end - begin)
    if rhythm.kind == "lockstep":
        period = rhythm.stint_hours * HOUR
        drawn = np.floor(drawn / period) * period + (drawn % period) * 0.2
    age = (drawn - begin) / DAY
    kept = rng.random(len(drawn)) < np.minimum(0.5 + age, 1.0)
    for stop in begin + rng.random(rhythm.outages) * (end - begin):
        kept &= (drawn < stop) | (drawn > stop + rng.uniform(3, 9) * HOUR)
    times = drawn[kept].astype(np.int64)
    if len(times) > jobs:
        times = times[np.sort(rng.permutation(len(times))[:jobs])]
    return np.sort(times)


def deal(rng: Rng, rhythm: Rhythm, times: Ints, lives: tuple[Ints, Ints], appetite: Floats) -> Ints:
    """Return the account of each job (-1: nobody lives then).

    `lives` holds when accounts begin and end; `appetite` is each account's weight, all ones are equal quotas.
    """
    who = np.full(len(times), -1, dtype=np.int64)
    since, until = lives
    if len(times) == 0:
        return who
    stint = ((times - times[0]) // int(rhythm.stint_hours * HOUR)).astype(np.int64)
    order = rng.permutation(len(since))
    edges = np.flatnonzero(np.diff(stint, prepend=-1, append=stint[-1] + 1))
    turn = 0
    equal = bool(np.all(appetite == appetite[0]))
    for first, last in pairwise(edges):
        rows = np.arange(first, last)
        living = order[(since[order] <= times[first]) & (until[order] > times[last - 1])]
        if len(living) == 0:
            living = order[(since[order] <= times[last - 1]) & (until[order] > times[first])]
        if len(living) == 0:
            continue
        on = _shift(rhythm, living, turn)
        turn += len(on)
        if equal:
            who[rows] = on[(np.arange(len(rows)) + rng.integers(0, len(on))) % len(on)]
        else:
            weight = appetite[on] / appetite[on].sum()
            who[rows] = rng.choice(on, len(rows), p=weight)
    late: Bools = (who >= 0) & ((since[who] > times) | (until[who] <= times))
    who[late] = -1
    return who


def _shift(rhythm: Rhythm, living: Ints, turn: int) -> Ints:
    if rhythm.kind == "lockstep":
        return living
    size = max(1, round(len(living) * rhythm.on_share))
    return np.roll(living, -(turn % len(living)))[:size]
