"""Which rulings are asked for: of entities that are named, or of all that meet a rule."""

from collections.abc import Sequence

import numpy as np

from stillwatch.access.ownership.decide import MET, Outcome
from stillwatch.access.ownership.graph import Graph
from stillwatch.records import NotThere

Pair = tuple[int, int]  # an outcome and an entity, by number


def of_entities(graph: Graph, outcomes: Sequence[Outcome], entities: Sequence[str]) -> list[Pair]:
    """All rules on these entities. Raises NotThere."""
    places = graph.places(entities)
    if missing := [entity for entity, place in zip(entities, places, strict=True) if place is None]:
        raise NotThere(f"no holding or fact names {missing[0]!r}")
    return [(which, place) for place in places if place is not None for which in range(len(outcomes))]


def met(outcomes: Sequence[Outcome]) -> list[Pair]:
    """The entities that meet a rule in either reading and are no such owner themselves, the largest shares first."""
    found: list[Pair] = []
    for which, outcome in enumerate(outcomes):
        either = ((outcome.product.answer == MET) | (outcome.control.answer == MET)) & ~outcome.listed
        entities = np.flatnonzero(either)
        order = np.argsort(-outcome.own.share[entities], kind="stable")
        found += [(which, entity) for entity in entities[order].tolist()]
    return found
