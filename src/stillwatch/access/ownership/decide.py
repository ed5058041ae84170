"""Which rules on owners are met, in both readings, and what stays open because the records do not say.

The product of shares is followed through all chains and cycles; cascading control counts a holding that meets the
threshold whole. Both are computed for every rule, and each again as if all that is not known belonged to such owners:
where only that would meet the threshold, the answer is `not known`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.ownership.chains import Holder, Link, controlling, heaviest, holders
from stillwatch.access.ownership.control import controlled
from stillwatch.access.ownership.graph import Floats, Graph, Ints, Mask
from stillwatch.access.ownership.linear import solve
from stillwatch.access.ownership.rules import Reading, Rule
from stillwatch.access.ownership.single import controlled_by, largest_control, largest_product

Answer = Literal["met", "not met", "not known"]
ANSWERS: tuple[Answer, ...] = ("not met", "not known", "met")
NOT_MET, NOT_KNOWN, MET = 0, 1, 2
Codes = npt.NDArray[np.int8]


class Read(msgspec.Struct, frozen=True):
    """One reading: the share it counts, and the share if all that is not known counted too."""

    answer: Answer
    share: float
    at_most: float
    holders: list[Holder]
    chain: list[Link]


class Ruling(msgspec.Struct, frozen=True):
    """What a rule says of an entity. `answer` is that of the rule's own reading; `listed`, that it is one itself."""

    entity: str
    name: str | None
    country: str | None
    rule: str
    on: date
    reading: Reading
    answer: Answer
    differ: bool
    listed: bool
    product: Read
    control: Read
    notes: list[str]


@dataclass(frozen=True)
class Side:
    """One reading of all entities; `owner` is the one whose share it is, where a rule looks at each alone."""

    share: Floats
    at_most: Floats
    answer: Codes
    joined: Ints
    owner: Ints | None


@dataclass(frozen=True)
class Outcome:
    """One rule, on all entities."""

    rule: Rule
    listed: Mask
    product: Side
    control: Side
    remainder: float  # largest error of the linear system

    @property
    def own(self) -> Side:
        return self.product if self.rule.reading == "product" else self.control

    @property
    def differ(self) -> Mask:
        """One reading is met and the other is not, or not as far as is known."""
        different: Mask = (self.product.answer == MET) != (self.control.answer == MET)
        return different


@dataclass(frozen=True)
class Owners:
    """Of one kind of owners: who they are, who may be one as far as is known, and the shares that follow."""

    listed: Mask
    share: Floats
    at_most: Floats
    unseen: Floats
    remainder: float


def decide(
    graph: Graph, rules: Sequence[Rule], on: date, *, listed: Collection[str], not_served: Collection[str]
) -> list[Outcome]:
    """Apply the rules that hold on a day."""
    kinds: dict[str, Owners] = {}
    outcomes = []
    for rule in rules:
        if not rule.holds(on):
            continue
        if rule.owners not in kinds:
            kinds[rule.owners] = _owners(graph, *_who(graph, rule, listed, not_served))
        outcomes.append(_outcome(graph, rule, kinds[rule.owners]))
    return outcomes


def _who(graph: Graph, rule: Rule, listed: Collection[str], not_served: Collection[str]) -> tuple[Mask, Mask]:
    """Who are owners of the rule's kind, and who may be, for want of a country."""
    if rule.owners == "listed":
        ids = pa.array(sorted(listed), pa.string())
        return np.asarray(pc.is_in(graph.ids, ids)), np.zeros(graph.size, bool)
    codes = pa.array(sorted(not_served), pa.string())
    return np.asarray(pc.is_in(graph.countries, codes)), np.asarray(pc.is_null(graph.countries))


def _owners(graph: Graph, listed: Mask, possible: Mask) -> Owners:
    lower = solve(graph.held, listed, listed.astype(float))
    either = listed | possible
    upper = solve(graph.held, either, either.astype(float), graph.missing)
    at_most = np.minimum(graph.held @ upper.value + graph.missing, 1.0)
    at_most = np.where(listed, 1.0, np.maximum(at_most, lower.value))
    unseen = np.where(possible, 1.0, graph.missing)
    return Owners(listed, lower.value, at_most, unseen, max(lower.remainder, upper.remainder))


def _outcome(graph: Graph, rule: Rule, owners: Owners) -> Outcome:
    limit, none = rule.limit, np.zeros(0, np.int32)
    share, at_most = owners.share, owners.at_most
    by_control = controlled(graph, owners.listed, limit)
    if owners.unseen.any():
        most = controlled(graph, owners.listed, limit, owners.unseen)
        counted = (most.joined >= 0).astype(float)
        at_most_controlled = np.minimum(graph.held @ counted + graph.missing, 1.0)
    else:
        at_most_controlled = by_control.share
    held, held_at_most = by_control.share.copy(), np.maximum(at_most_controlled, by_control.share)
    held[owners.listed] = held_at_most[owners.listed] = 1.0
    one = many = None
    if not rule.aggregate:
        open_to_doubt = at_most - share
        single = largest_product(graph, owners.listed, limit.met_by(share))
        share, one = np.where(owners.listed, 1.0, single.share), single.owner
        at_most = np.minimum(share + open_to_doubt, 1.0)
        alone = largest_control(graph, owners.listed, limit.met_by(held), limit)
        held, many = np.where(owners.listed, 1.0, alone.share), alone.owner
        held_at_most = np.where(open_to_doubt > 0, held_at_most, held)
    return Outcome(
        rule,
        owners.listed,
        Side(share, at_most, _answers(rule, share, at_most), none, one),
        Side(held, held_at_most, _answers(rule, held, held_at_most), by_control.joined, many),
        owners.remainder,
    )


def _answers(rule: Rule, share: Floats, at_most: Floats) -> Codes:
    met = rule.limit.met_by(share)
    return np.where(met, MET, np.where(rule.limit.met_by(at_most), NOT_KNOWN, NOT_MET)).astype(np.int8)


def ruling(graph: Graph, outcome: Outcome, entity: int, on: date) -> Ruling:
    """What one rule says of one entity, with what explains it."""
    rule = outcome.rule
    return Ruling(
        graph.ids[entity].as_py(),
        graph.names[entity].as_py(),
        graph.countries[entity].as_py(),
        rule.id,
        on,
        rule.reading,
        ANSWERS[outcome.own.answer[entity]],
        bool(outcome.differ[entity]),
        bool(outcome.listed[entity]),
        _read_product(graph, outcome, entity),
        _read_control(graph, outcome, entity),
        _notes(graph, entity),
    )


def _read_product(graph: Graph, outcome: Outcome, entity: int) -> Read:
    side, ends, worth = outcome.product, outcome.listed, outcome.product.share
    if side.owner is not None:
        ends = _only(int(side.owner[entity]), graph)
        worth = np.where(ends, 1.0, np.where(side.owner == side.owner[entity], side.share, 0.0))
    reaches = side.share[entity] > 0 and not outcome.listed[entity]
    chain = heaviest(graph, entity, ends) if reaches else []
    return _read(side, entity, holders(graph, entity, worth) if reaches else [], chain)


def _read_control(graph: Graph, outcome: Outcome, entity: int) -> Read:
    side, joined = outcome.control, outcome.control.joined
    reaches = side.share[entity] > 0 and not outcome.listed[entity]
    if side.owner is None:
        held = holders(graph, entity, joined >= 0) if reaches else []
        return _read(side, entity, held, controlling(graph, entity, joined) if reaches else [])
    owner = int(side.owner[entity])
    if not reaches:
        return _read(side, entity, [], [])
    group = {owner} | {
        owned
        for owned, share in controlled_by(graph, owner, outcome.rule.limit).items()
        if outcome.rule.limit.met_by(share)
    }
    inside = np.zeros(graph.size, bool)
    inside[list(group)] = True
    return _read(side, entity, holders(graph, entity, inside), heaviest(graph, entity, _only(owner, graph)))


def _only(owner: int, graph: Graph) -> Mask:
    mask = np.zeros(graph.size, bool)
    mask[owner] = True
    return mask


def _read(side: Side, entity: int, held: list[Holder], chain: list[Link]) -> Read:
    share, at_most = float(side.share[entity]), float(side.at_most[entity])
    return Read(ANSWERS[side.answer[entity]], share, at_most, held, chain)


def _notes(graph: Graph, entity: int) -> list[str]:
    notes = []
    if graph.scaled[entity]:
        notes.append("holdings of it add to more than the whole")
    elif graph.missing[entity] > 0:
        notes.append(f"{graph.missing[entity]:.1%} of it has no recorded owner")
    if graph.roots[entity]:
        notes.append("no holding of it is recorded")
    return notes
