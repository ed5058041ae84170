"""Classes of the code base: their definition, and making instances of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, routines
from stillwatch.codescan.engine.heap import ClassObject, Instance, Scope, State
from stillwatch.codescan.engine.run import EXECUTE, Frame, Run, Thrown, block, evaluate
from stillwatch.codescan.engine.values import Bound, Constant, Outside, Ref, Routine, Value, options, unknown
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RECORDS = frozenset(
    {"dataclasses.dataclass", "attr.s", "attrs.define", "attr.define", "attrs.frozen", "attr.attrs"}
)
RECORD_BASES = frozenset({"typing.NamedTuple", "pydantic.BaseModel", "msgspec.Struct", "sqlmodel.SQLModel"})
ENUMERATIONS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})


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
    if any(isinstance(base, Outside) and base.path in ENUMERATIONS for base in bases):
        variables = {name: _member(run, made, name, value, state) for name, value in variables.items()}
    state.put(made.address, ClassObject(node.name, run.module, bases, variables, fields, record))
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
        if isinstance(start, Routine):
            given = {name: value for name, value in keywords.items() if name is not None}
            routines.call(run, start, [made], given, state, node.at)
        for name, value in thing.attributes.items():
            found = attributes.descriptor(value, "__set_name__", state)
            if found is not None:
                routines.call(run, found, [value, made, Constant(name)], {}, state, node.at)
    except Thrown:
        run.risks += 1


def _is_record(base: Value, state: State) -> bool:
    thing = state.thing(base.address) if isinstance(base, Ref) else None
    return isinstance(thing, ClassObject) and thing.dataclass


def _member(run: Run, kind: Ref, name: str, value: Value, state: State) -> Value:
    if isinstance(value, Routine) or name.startswith("_"):
        return value
    return run.new(Instance(kind, {"value": value, "name": Constant(name)}), state)


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
    elif _enumerates(kind, state) and arguments:
        return unknown(arguments[0].taints)
    else:
        _keep(made, kind, arguments, keywords, state)
    return made


def _enumerates(kind: Ref, state: State) -> bool:
    return any(
        isinstance(one, Outside) and one.path in ENUMERATIONS for one in attributes.lineage(kind, state)
    )


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
    names: list[str] = []
    for one in reversed(attributes.lineage(kind, state)):
        thing = state.thing(one.address) if isinstance(one, Ref) else None
        if isinstance(thing, ClassObject):
            names.extend(name for name in thing.fields if name not in names)
    filled = dict(zip(names, arguments, strict=False))
    filled.update({name: value for name, value in keywords.items() if name in names})
    for name in names:
        if name not in filled:
            filled[name] = rest or _default(run, kind, name, state)
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
