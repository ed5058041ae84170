"""Classes of the code base: their definition, and making instances of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, enumerations, records, routines, validated
from stillwatch.codescan.engine.heap import ClassObject, DictObject, Instance, Scope, State
from stillwatch.codescan.engine.run import EXECUTE, Frame, Run, Thrown, block, evaluate
from stillwatch.codescan.engine.values import (
    Bound,
    Constant,
    Outside,
    Ref,
    Routine,
    Tuple,
    Value,
    options,
    unknown,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RECORDS = frozenset(
    {"dataclasses.dataclass", "attr.s", "attrs.define", "attr.define", "attrs.frozen", "attr.attrs"}
)
RECORD_BASES = frozenset({"typing.NamedTuple", "pydantic.BaseModel", "msgspec.Struct", "sqlmodel.SQLModel"})


def _class(run: Run, node: nodes.Class, state: State) -> bool:
    from stillwatch.codescan.engine import names  # noqa: PLC0415 - names read attributes, and these classes

    bases = tuple(evaluate(run, base, state) for base in node.bases)
    decorators = [evaluate(run, decorator, state) for decorator in node.decorators]
    kind = ClassObject(node.name, run.module, bases, {})
    made = run.new(kind, state)
    outer = state.scope
    scope = run.new(Scope("class", {}, outer, run.module, owner=made.address), state)
    state.scope = scope.address
    with run.inside(Frame(run.module, run.frame.routine)):
        block(run, node.body, state)
    body = state.thing(scope.address)
    assert isinstance(body, Scope)
    state.scope = outer
    fields = tuple(
        statement.target.name
        for statement in node.body
        if isinstance(statement, nodes.Annotated) and isinstance(statement.target, nodes.Name)
    )
    record = any(isinstance(one, Outside) and one.path in RECORDS for one in decorators) or any(
        isinstance(one, Outside) and one.path in RECORD_BASES for one in bases
    )
    record = record or any(_is_record(base, state) for base in bases)
    variables = dict(body.variables)
    if enumerations.enumerates(made, state):
        variables = {
            name: enumerations.member(run, made, name, value, state) for name, value in variables.items()
        }
    meta = _meta(run, node, bases, state)
    state.put(made.address, ClassObject(node.name, run.module, bases, variables, fields, record, meta))
    _tell(run, made, node, state)
    names.write(node.name, made, state)
    return True


def _tell(run: Run, made: Ref, node: nodes.Class, state: State) -> None:
    """Call what a new class is announced to: `__init_subclass__` of its bases, `__set_name__` of what it holds."""
    thing = state.thing(made.address)
    assert isinstance(thing, ClassObject)
    keywords = {
        name: evaluate(run, value, state) for name, value in node.keywords if name not in {None, "metaclass"}
    }
    start = attributes.lookup(made, "__init_subclass__", state, made.address)
    try:
        _announce(run, made, thing, state, node.at)
        if isinstance(start, Routine):
            given = {name: value for name, value in keywords.items() if name is not None}
            routines.call(run, start, [made], given, state, node.at)
        for name, value in thing.attributes.items():
            found = attributes.descriptor(value, "__set_name__", state)
            if found is not None:
                routines.call(run, found, [value, made, Constant(name)], {}, state, node.at)
    except Thrown:
        run.risks += 1


def _meta(run: Run, node: nodes.Class, bases: Sequence[Value], state: State) -> Value | None:
    """The metaclass of a class, if it is one of the code base: its own, or that of a base."""
    for name, value in node.keywords:
        if name == "metaclass":
            found = evaluate(run, value, state)
            return found if isinstance(found, Ref) else None
    for base in bases:
        thing = state.object_of(base)
        if isinstance(thing, ClassObject) and thing.meta is not None:
            return thing.meta
    return None


def _announce(run: Run, made: Ref, thing: ClassObject, state: State, at: nodes.At) -> None:
    """Let a metaclass see the class it makes."""
    if thing.meta is None:
        return
    held: dict[object, Value] = {(name,): value for name, value in thing.attributes.items()}
    given = [Constant(thing.name), Tuple(thing.bases), run.new(DictObject(held), state)]
    run.making.append(made)
    try:
        for name, first in (("__new__", thing.meta), ("__init__", made)):
            found = attributes.lookup(thing.meta, name, state)
            if isinstance(found, Routine):
                routines.call(run, found, [first, *given], {}, state, at)
    finally:
        run.making.pop()


def _is_record(base: Value, state: State) -> bool:
    thing = state.object_of(base)
    return isinstance(thing, ClassObject) and thing.dataclass


def instantiate(
    run: Run,
    kind: Ref,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
    rest: Value | None = None,
) -> Value:
    """`kind(…)`: an instance after its `__init__` ran."""
    made = run.new(Instance(kind, {}), state)
    thing = state.thing(kind.address)
    assert isinstance(thing, ClassObject)
    start = attributes.lookup(kind, "__init__", state)
    if isinstance(start, Routine):
        routines.call(run, start, [made, *arguments], keywords, state, at, rest)
    elif thing.dataclass:
        _fill(run, kind, made, arguments, keywords, rest, state, at)
    elif enumerations.enumerates(kind, state) and arguments:
        return enumerations.by_value(run, kind, arguments, state)
    else:
        _keep(made, kind, arguments, keywords, state)
    return made


def _keep(
    made: Ref, kind: Ref, arguments: Sequence[Value], keywords: Mapping[str, Value], state: State
) -> None:
    """A class whose construction is outside keeps what it was given, so that data in it is not lost."""
    given: tuple[tuple[str | int, Value], ...] = (*enumerate(arguments), *keywords.items())
    state.put(made.address, Instance(kind, dict(keywords), given))


def _fill(
    run: Run,
    kind: Ref,
    made: Ref,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    rest: Value | None,
    state: State,
    at: nodes.At,
) -> None:
    names = records.fields(kind, state)
    filled = dict(zip(names, arguments, strict=False))
    filled.update({name: value for name, value in keywords.items() if name in names})
    for name in names:
        if name not in filled:
            filled[name] = rest or _default(run, kind, name, state)
        else:
            filled[name] = validated.by_validator(
                run, filled[name], attributes.lookup(kind, name, state), state
            )
    state.put(made.address, Instance(kind, filled))
    after = attributes.lookup(kind, "__post_init__", state)
    if isinstance(after, Routine):
        routines.call(run, after, [made], {}, state, at)


def _default(run: Run, kind: Ref, name: str, state: State) -> Value:
    from stillwatch.codescan.engine import names  # noqa: PLC0415 - as above

    found = attributes.lookup(kind, name, state)
    if found is None or isinstance(found, Outside):
        return run.project.field(kind, name) or unknown()
    return names.resolved(run, found, state)


def method_of(kind: Value, name: str, receiver: Value, state: State) -> Value | None:
    """A method of the class of an instance, bound; None if the code base has none."""
    for option in options(kind):
        found = attributes.lookup(option, name, state)
        if isinstance(found, Routine):
            return Bound(receiver, found)
    return None


EXECUTE[nodes.Class] = _class
