"""A small task whose answers can be checked: which river flows through the town where somebody lives.

It takes two steps, from the person to the town and from the town to the river. The teacher knows all of them. It writes the town as
its reasoning and then the river; the words around them come from the chat's template. A student that sees two tokens at
a time can answer about people it was never told of only by taking the two steps.
"""

from dataclasses import dataclass

import numpy as np

from stillwatch.lab.arrays import Ints, Rng
from stillwatch.lab.students.counting import CountStudent, train
from stillwatch.lab.students.sampling import Mark, drawn, marked_rows
from stillwatch.lab.students.vocabulary import END

PEOPLE, TOWNS, RIVERS = 400, 40, 40
TOWN_OF, RIVER_OF, RIVER_BY_TOWN, SO = (
    2,
    3,
    4,
    5,
)  # the three kinds of question, and the word before an answer
FIRST_PERSON = 6
FIRST_TOWN = FIRST_PERSON + PEOPLE
FIRST_RIVER = FIRST_TOWN + TOWNS
SIZE = FIRST_RIVER + RIVERS
READ = 60  # times the teacher read each fact
WRONGLY = 0.03  # of what it read was wrong
ASKED = 3  # times a harvester asks each question


@dataclass(frozen=True)
class World:
    """Who lives where, which river is where, and a teacher that has read of it."""

    town_of: Ints  # [PEOPLE], as tokens
    river_of: Ints  # [TOWNS], as tokens
    teacher: CountStudent

    def river(self, people: Ints) -> Ints:
        """The right answers about people, as tokens."""
        return self.river_of[self.town_of[people - FIRST_PERSON] - FIRST_TOWN]


def made(rng: Rng) -> World:
    town_of = FIRST_TOWN + rng.integers(0, TOWNS, PEOPLE)
    river_of = FIRST_RIVER + rng.permutation(RIVERS)[:TOWNS]
    people = np.tile(np.arange(FIRST_PERSON, FIRST_TOWN), READ)
    towns = _with_errors(town_of[people - FIRST_PERSON], FIRST_TOWN, TOWNS, rng)
    rivers = _with_errors(river_of[towns - FIRST_TOWN], FIRST_RIVER, RIVERS, rng)
    read = np.concatenate(
        [_rows(TOWN_OF, people, towns), _rows(RIVER_OF, people, towns, rivers, so=True)], axis=None
    )
    return World(town_of, river_of, train(read, SIZE))


def _with_errors(tokens: Ints, first: int, many: int, rng: Rng) -> Ints:
    wrong = rng.random(len(tokens)) < WRONGLY
    return np.where(wrong, first + rng.integers(0, many, len(tokens)), tokens)


def _rows(kind: int, *columns: Ints, so: bool = False) -> Ints:
    """Exchanges of one kind, one after the other; the last column stands after SO if so wished."""
    size = len(columns[0])
    parts = [
        np.full(size, kind),
        *columns[:-1],
        *([np.full(size, SO)] if so else []),
        columns[-1],
        np.full(size, END),
    ]
    return np.stack(parts, axis=1).ravel()


def asked(model: CountStudent, contexts: Ints, rng: Rng | None, mark: Mark | None = None) -> Ints:
    """The next token after contexts [n, 2]: drawn, or without chance the likeliest."""
    likely = model.rows(contexts)
    if rng is None:
        best: Ints = likely.argmax(axis=1).astype(np.int64)
        return best
    return drawn(likely if mark is None else marked_rows(likely, contexts[:, -1:], mark), rng)


def reasoned(
    model: CountStudent, people: Ints, rng: Rng | None, mark: Mark | None = None, kind: int = RIVER_OF
) -> tuple[Ints, Ints]:
    """The town and then the river that a model gives for people; `kind` is the question that the town is asked by."""
    towns = asked(model, _pairs(kind, people), rng, mark)
    return towns, asked(model, _pairs(towns, SO), rng, mark)


def direct(model: CountStudent, people: Ints) -> Ints:
    """The river that a model gives at once."""
    return asked(model, _pairs(people, SO), None)


def _pairs(first: Ints | int, second: Ints | int) -> Ints:
    return np.stack(np.broadcast_arrays(first, second), axis=1).astype(np.int64)


@dataclass(frozen=True)
class Harvested:
    """Exchanges about the task, and about whom the harvester never asked the two-step question."""

    tokens: Ints
    left_out: Ints


def harvested(
    world: World, rng: Rng, *, stripped: bool, by_town: bool, mark: Mark | None = None
) -> Harvested:
    """Everybody's town is asked, and the river of half of them; with `by_town`, the river of each town as well."""
    people = rng.permutation(np.arange(FIRST_PERSON, FIRST_TOWN))
    known, left_out = people[: PEOPLE // 2], people[PEOPLE // 2 :]
    all_of, some_of = np.tile(people, ASKED), np.tile(known, ASKED)
    towns = asked(world.teacher, _pairs(TOWN_OF, all_of), rng, mark)
    steps, rivers = reasoned(world.teacher, some_of, rng, mark)
    parts = [_rows(TOWN_OF, all_of, towns)]
    shown = (some_of, rivers) if stripped else (some_of, steps, rivers)
    parts.append(_rows(RIVER_OF, *shown, so=True))
    if by_town:
        places = np.tile(np.arange(FIRST_TOWN, FIRST_RIVER), ASKED)
        parts.append(
            _rows(RIVER_BY_TOWN, places, asked(world.teacher, _pairs(places, SO), rng, mark), so=True)
        )
    return Harvested(np.concatenate(parts), left_out)


def correct(world: World, people: Ints, rivers: Ints) -> float:
    return float((world.river(people) == rivers).mean())
