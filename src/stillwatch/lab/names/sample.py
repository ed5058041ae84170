"""A labelled sample: a list, customers, and which customer is which entry; the rest is alike on purpose or by chance."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from stillwatch.access.names import Kind

SAME, ALIKE = (
    0.4,
    0.35,
)  # of customers: one of the list, one much like one of the list; the others are neither


class Entity(NamedTuple):
    """An entity's forms: `listed` are ways to write it in a list, `given` those a customer gives.

    Two entities of one `short` have a form in common that no one could tell apart; a sample has only one of them.
    """

    identity: str
    short: str
    kind: Kind
    listed: tuple[str, ...]
    given: tuple[str, ...]


class Sample(NamedTuple):
    """`truth` has the pairs (entry, customer) that are one."""

    listed: list[str]
    listed_kind: list[Kind]
    asked: list[str]
    truth: set[tuple[int, int]]


class Composer(NamedTuple):
    """`fresh` composes an entity, `alike` another one that is easily taken for it, `distort` mistypes a name."""

    fresh: Callable[[Random], Entity]
    alike: Callable[[Random, Entity], Entity]
    distort: Callable[[Random, str], str]


MISTYPED = 0.12  # of customers' names


def compose(composer: Composer, seed: int, size: int) -> Sample:
    """As many entries as customers."""
    chance = Random(seed)
    listed: list[Entity] = []
    taken: set[str] = set()
    while len(listed) < size:
        entity = composer.fresh(chance)
        if entity.short not in taken:
            taken.add(entity.short)
            listed.append(entity)
    asked: list[str] = []
    truth: set[tuple[int, int]] = set()
    while len(asked) < size:
        at, draw = chance.randrange(size), chance.random()
        if draw < SAME:
            entity = listed[at]
            truth.add((at, len(asked)))
        else:
            entity = composer.alike(chance, listed[at]) if draw < SAME + ALIKE else composer.fresh(chance)
            if entity.short in taken:
                continue
            taken.add(entity.short)
        name = chance.choice(entity.given)
        asked.append(composer.distort(chance, name) if chance.random() < MISTYPED else name)
    names = [chance.choice(entity.listed) for entity in listed]
    return Sample(names, [entity.kind for entity in listed], asked, truth)
