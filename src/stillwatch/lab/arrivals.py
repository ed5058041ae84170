"""When calls come: sessions that follow each account's own hours and weekdays."""

from dataclasses import dataclass

import numpy as np

from stillwatch.lab import places
from stillwatch.lab.arrays import DAY, HOUR, Ints, Rng, within
from stillwatch.lab.people import People
from stillwatch.lab.world import World

THINKING_SECONDS = 70.0  # median gap between two turns of a person


@dataclass(frozen=True)
class Calls:
    """The calls of a crowd, one row a call: who, when, in which session, and which turn of it (from 1)."""

    who: Ints
    ts: Ints
    session: Ints
    turn: Ints

    @property
    def size(self) -> int:
        return len(self.who)

    def keep(self, rows: Ints | np.ndarray) -> "Calls":
        """Only some rows, by mask or index."""
        return Calls(self.who[rows], self.ts[rows], self.session[rows], self.turn[rows])

    def followed_by(self, other: "Calls") -> "Calls":
        """Return these calls and another's, whose sessions get numbers of their own."""
        first = int(self.session.max()) + 1 if self.size else 0
        pairs = (
            (self.who, other.who),
            (self.ts, other.ts),
            (self.session, other.session + first),
            (self.turn, other.turn),
        )
        return Calls(*(np.concatenate(pair) for pair in pairs))


def habitual(world: World, rng: Rng, people: People) -> Calls:
    """Return calls of people who keep their own hours."""
    habits = people.habits
    begin = np.maximum(habits.since, world.start)
    share = np.maximum(habits.until - begin, 0) / (world.end - world.start)
    sessions = rng.poisson(np.maximum(habits.volume * share / habits.turns, 0.6 * (share > 0)))
    owner = np.repeat(np.arange(people.size), sessions)
    start = _session_starts(rng, people, owner, begin)
    sizes = rng.geometric(np.minimum(1 / habits.turns[owner], 1.0))
    return spread(rng, owner, start, np.minimum(sizes, 40), habits.until)


def _session_starts(rng: Rng, people: People, owner: Ints, begin: Ints) -> Ints:
    habits = people.habits
    clock = (places.CLOCKS[habits.country[owner]] * HOUR).astype(np.int64)
    moment = begin[owner] + (rng.random(len(owner)) * (habits.until - begin)[owner]).astype(np.int64)
    day = (moment + clock) // DAY
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    moved = (weekday >= 5) & (rng.random(len(owner)) > habits.weekend[owner])
    day = np.where(moved, day - 2 - rng.integers(0, 3, len(owner)), day)
    first = rng.random(len(owner)) < 0.65
    centre = np.where(first, habits.peak[owner], habits.second_peak[owner])
    hour = rng.normal(centre, habits.width[owner]) % 24
    start = day * DAY + (hour * HOUR).astype(np.int64) - clock
    outside = (start < begin[owner]) | (start >= habits.until[owner])
    return np.where(outside, moment, start)


def spread(
    rng: Rng, owner: Ints, start: Ints, sizes: Ints, until: Ints, *, median_gap: float = THINKING_SECONDS
) -> Calls:
    """Sessions laid out as calls, with log-normal gaps of `median_gap` seconds; what runs past `until` is cut."""
    session = np.repeat(np.arange(len(owner)), sizes)
    turn = within(sizes) + 1
    gaps = rng.lognormal(np.log(median_gap), 0.9, len(session)) * 1e6
    gaps[turn == 1] = 0.0
    total = np.cumsum(gaps)
    base = total[np.cumsum(sizes) - sizes] if len(session) else total
    ts = (
        start[session] + (total - np.repeat(base, sizes)).astype(np.int64) if len(session) else start[session]
    )
    calls = Calls(owner[session], ts, session, turn)
    return calls.keep(ts < until[calls.who])
