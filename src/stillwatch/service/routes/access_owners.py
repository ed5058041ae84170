"""Who owns an entity, by holdings that are posted: direct and indirect, through cycles, in both readings of each rule."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.access import ownership
from stillwatch.access.ownership.countries import is_code
from stillwatch.access.tabular import ROW, Rejected
from stillwatch.service.operation import MEGABYTE, Asked, Id, Nothing, Operation
from stillwatch.service.problem import Refused

MOST = 50  # entities that one request is answered for
SHOWN = 20  # rows named of each kind that was left out
Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]


class PostedHolding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"begin": "from"}
):
    """`owner` holds a share, a fraction of the whole, of `owned`, from a day on and until another, with which it has ended."""

    owner: Id
    owned: Id
    share: float
    begin: date | None = None
    until: date | None = None


class PostedEntity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of an entity."""

    id: Id
    name: str | None = None
    country: str | None = None


class PostedOwnership(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holdings, facts of entities, and whose shares count: entities that are `listed`, or countries `not_served`.

    Without `ask`, entities are answered for that meet a rule in either reading, the largest shares first.
    """

    holdings: list[PostedHolding]
    entities: list[PostedEntity] = []
    listed: list[Id] | None = None
    not_served: list[Code] | None = None
    on: date | None = None
    ask: Annotated[list[Id], msgspec.Meta(max_length=MOST)] = []


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Posted rows that could not be taken, counted from 1."""

    of: str
    reason: str
    count: int
    rows: list[int]


class RuleCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many entities a rule in force says what of, by its own reading."""

    rule: str
    name: str
    source: str
    met: int
    not_known: int
    differ: int  # one reading is met, the other is not


class DecidedOwnership(msgspec.Struct, frozen=True, kw_only=True):
    """`more` rulings are not told for want of room: ask for the entities."""

    on: date
    rules: list[RuleCounts]
    rulings: list[ownership.Ruling]
    more: int
    trouble: list[ownership.Trouble]
    left_out: list[LeftOut]
    not_in_force: int


def decide(asked: Asked[Nothing, PostedOwnership]) -> DecidedOwnership:
    given = asked.body
    _check(given)
    day = given.on or datetime.now(UTC).date()
    of_holdings, of_entities = Rejected(), Rejected()
    holdings = ownership.holdings_of(_table(given.holdings), Path("holdings"), day, of_holdings)
    facts = ownership.facts_of(_entities(given.entities), Path("entities"), of_entities)
    graph = ownership.build(holdings, facts if given.entities else None)
    outcomes = ownership.decide(
        graph, _rules(given, day), day, listed=given.listed or (), not_served=given.not_served or ()
    )
    pairs = ownership.of_entities(graph, outcomes, given.ask) if given.ask else ownership.met(outcomes)
    return DecidedOwnership(
        on=day,
        rules=[_counts(outcome) for outcome in outcomes],
        rulings=[ownership.ruling(graph, outcomes[which], entity, day) for which, entity in pairs[:MOST]],
        more=len(pairs[MOST:]),
        trouble=graph.trouble,
        left_out=_left_out(of_holdings, of_entities),
        not_in_force=holdings.not_in_force,
    )


def _check(given: PostedOwnership) -> None:
    """Raises Refused."""
    if given.listed is None and given.not_served is None:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "say whose shares count: listed, not_served, or both")
    if wrong := [code for code in given.not_served or () if not is_code(code)]:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"no country has the code {wrong[0]}")
    _texts([*(given.listed or ()), *given.ask])


def _rules(given: PostedOwnership, day: date) -> list[ownership.Rule]:
    """The shipped rules that hold, on owners that are told."""
    there = {"listed": given.listed is not None, "not_served": given.not_served is not None}
    return [rule for rule in ownership.load() if rule.holds(day) and there[rule.owners]]


def _table(rows: Sequence[PostedHolding]) -> pa.Table:
    columns = [
        _texts([row.owner for row in rows]),
        _texts([row.owned for row in rows]),
        pa.array([row.share for row in rows], pa.float64()),
        pa.array([row.begin for row in rows], pa.date32()),
        pa.array([row.until for row in rows], pa.date32()),
    ]
    return _numbered(columns, ownership.HOLDING)


def _entities(rows: Sequence[PostedEntity]) -> pa.Table:
    columns = [_texts([getattr(row, name) for row in rows]) for name in ownership.ENTITY]
    return _numbered(columns, ownership.ENTITY)


def _numbered(columns: list[pa.Array], names: Sequence[str]) -> pa.Table:
    rows = pa.array(np.arange(1, len(columns[0]) + 1))
    return pa.table([*columns, rows], names=[*names, ROW])


def _texts(values: list[str | None]) -> pa.Array:
    """Raises Refused for text that is none: JSON can write halves of characters."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "a name holds half a character") from error


def _counts(outcome: ownership.Outcome) -> RuleCounts:
    answer = outcome.own.answer[~outcome.listed]
    return RuleCounts(
        rule=outcome.rule.id,
        name=outcome.rule.name,
        source=outcome.rule.source,
        met=int((answer == ownership.ANSWERS.index("met")).sum()),
        not_known=int((answer == ownership.ANSWERS.index("not known")).sum()),
        differ=int(outcome.differ.sum()),
    )


def _left_out(*parts: Rejected) -> list[LeftOut]:
    return [
        LeftOut(
            of=of,
            reason=reason,
            count=count,
            rows=[one.line for one in part.examples if one.reason == reason and one.line is not None][:SHOWN],
        )
        for of, part in zip(("holdings", "entities"), parts, strict=True)
        for reason, count in part.counts.most_common()
    ]


OPERATIONS = [
    Operation(
        name="decide_owners",
        method="POST",
        path="/access/owners",
        scope="read",
        summary="Decide on beneficial owners, in both readings of each rule in force",
        run=decide,
        answer=DecidedOwnership,
        body=PostedOwnership,
        body_bytes=4 * MEGABYTE,
    ),
]
