"""Objects made of named fields: named tuples, `dataclasses.asdict`, `vars`, copies with changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, names, sources
from stillwatch.codescan.engine.heap import ClassObject, DictObject, Instance, State
from stillwatch.codescan.engine.values import Constant, Outside, Ref, Tuple, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

NAMED_TUPLE = "typing.NamedTuple"


def instance(value: Value, state: State) -> Instance | None:
    """The object a value is, if it is one of a class."""
    thing = state.object_of(value)
    return thing if isinstance(thing, Instance) else None


def fields(kind: Value, state: State) -> tuple[str, ...]:
    """The fields of a class and of what it is derived from, in order."""
    found: list[str] = []
    for one in reversed(attributes.lineage(kind, state)):
        thing = state.object_of(one)
        if isinstance(thing, ClassObject):
            found.extend(name for name in thing.fields if name not in found)
    return tuple(found)


def items(value: Value, state: State) -> list[Value] | None:
    """The items of a named tuple, in order; None of anything else."""
    thing = instance(value, state)
    if thing is None or not isinstance(thing.kind, Ref):
        return None
    lineage = attributes.lineage(thing.kind, state)
    if not any(isinstance(one, Outside) and one.path == NAMED_TUPLE for one in lineage):
        return None
    declared = fields(thing.kind, state)
    if any(name not in thing.attributes for name in declared):
        return None
    return [thing.attributes[name] for name in declared]


def named_tuple(
    run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    """`collections.namedtuple(name, fields)`: a class."""
    if len(arguments) < 2 or not isinstance(arguments[0], Constant):
        return None
    given = arguments[1]
    if isinstance(given, Constant) and isinstance(given.value, str):
        wanted: list[object] = list(given.value.replace(",", " ").split())
    else:
        found = names.known_items(given, state)
        if found is None:
            return None
        wanted = [
            one.items[0].value
            if isinstance(one, Tuple) and one.items and isinstance(one.items[0], Constant)
            else getattr(one, "value", None)
            for one in found
        ]
    if not all(isinstance(name, str) for name in wanted):
        return None
    declared = tuple(map(str, wanted))
    defaults = names.known_items(keywords["defaults"], state) if "defaults" in keywords else None
    held = dict(zip(declared[len(declared) - len(defaults or ()) :], defaults or (), strict=False))
    made = ClassObject(
        str(arguments[0].value), run.module, (Outside(NAMED_TUPLE),), dict(held), declared, dataclass=True
    )
    return run.new(made, state)


def as_mapping(
    run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
) -> Value | None:
    """`asdict(x)`, `vars(x)`: the fields by name."""
    thing = instance(arguments[0], state) if len(arguments) == 1 else None
    held: dict[object, Value]
    if thing is not None and isinstance(thing.kind, Outside) and thing.kind.path == "argparse.Namespace":
        held = {(name,): value for name, value in thing.attributes.items()}
        return run.new(DictObject(held, sources.come_in(run, "argument", "", at, state)), state)
    if thing is None or not thing.attributes or (isinstance(thing.kind, Outside) and thing.absorbed):
        return None
    held = {(name,): value for name, value in thing.attributes.items()}
    return run.new(DictObject(held), state, arguments[0].taints)


def as_tuple(
    _run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    thing = instance(arguments[0], state) if len(arguments) == 1 else None
    if thing is None or not isinstance(thing.kind, Ref):
        return None
    declared = fields(thing.kind, state)
    if not declared or any(name not in thing.attributes for name in declared):
        return None
    return Tuple(tuple(thing.attributes[name] for name in declared), arguments[0].taints)


def with_changes(
    run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    thing = instance(arguments[0], state) if arguments else None
    if thing is None:
        return None
    attributes_now = {**thing.attributes, **keywords}
    return run.new(Instance(thing.kind, attributes_now, thing.arguments, thing.absorbed), state)


def serializer(
    run: Run,
    function: Outside,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    """`self.get_serializer(…)`: an instance of the view's `serializer_class`."""
    thing = None if function.receiver is None else instance(function.receiver, state)
    kind = None if thing is None else attributes.lookup(thing.kind, "serializer_class", state)
    if not isinstance(kind, Ref):
        return None
    given: tuple[tuple[str | int, Value], ...] = (*enumerate(arguments), *keywords.items())
    return run.new(Instance(kind, {}, given), state)


METHODS = {
    "_replace": "copy.replace",
    "_asdict": "vars",
    "model_dump": "vars",
    "dict": "vars",
    "model_copy": "copy.copy",
}
"""Methods that classes of records bring with them, by the functions that do the same."""
SPECIAL = {
    "django.views.generic.View.get_serializer": serializer,
    "collections.namedtuple": named_tuple,
    "dataclasses.asdict": as_mapping,
    "attr.asdict": as_mapping,
    "attrs.asdict": as_mapping,
    "dataclasses.astuple": as_tuple,
    "attr.astuple": as_tuple,
    "attrs.astuple": as_tuple,
    "vars": as_mapping,
    "dataclasses.replace": with_changes,
    "copy.replace": with_changes,
    "attr.evolve": with_changes,
    "attrs.evolve": with_changes,
}
