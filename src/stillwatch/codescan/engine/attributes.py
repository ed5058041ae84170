"""Attributes: of modules, classes, instances, built-in values and things outside."""

from __future__ import annotations

import builtins
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import ParseResult, SplitResult

from stillwatch.codescan.engine import decorated, enumerations, names, records, routines, sources
from stillwatch.codescan.engine.constants import SAFE, constant
from stillwatch.codescan.engine.heap import (
    ClassObject,
    DictObject,
    Instance,
    ListObject,
    Scope,
    State,
    deep_taints,
)
from stillwatch.codescan.engine.run import EVALUATE, Run, evaluate
from stillwatch.codescan.engine.values import (
    UNKNOWN,
    Bound,
    Choice,
    Constant,
    Loaded,
    Native,
    Outside,
    Partial,
    Ref,
    Routine,
    Super,
    Text,
    Tuple,
    Value,
    chosen,
    joined,
    unknown,
    with_taints,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from stillwatch.codescan.engine.modules import Module

OTHER_NAMES = {"host": "hostname", "raw_host": "hostname", "authority": "netloc"}
"""What other libraries call the parts of an address."""
AS_IT_IS = frozenset({"delay", "send", "__wrapped__"})
QUEUED = AS_IT_IS | {"apply_async", "apply"}
"""Methods of functions that decorators made tasks of queues: they call the function, elsewhere and later."""


def _attribute(run: Run, node: nodes.Attribute, state: State) -> Value:
    return read(run, evaluate(run, node.value, state), node.name, state, node.at)


def read(run: Run, value: Value, name: str, state: State, at: nodes.At) -> Value:
    """What `value.name` gives."""
    match value:
        case Choice():
            return run.one_of(partial(read, run, option, name, state, at) for option in value.options)
        case Constant():
            return _of_constant(run, value, name)
        case Text() | Tuple():
            return Native(value, name, value.taints)
        case Loaded():
            return names.resolved(run, of_module(run, value.module, name, state), state)
        case Outside():
            return of_outside(run, value, name, at, state)
        case Ref():
            return _of_ref(run, value, name, state, at)
        case Routine() if (found := decorated.attribute(value, name)) is not None:
            return found
        case Routine() if name in QUEUED:
            return value if name in AS_IT_IS else Outside("queued", value.taints, value)
        case Super():
            return _of_super(run, value, name, state, at)
        case Routine() if name in {"__name__", "__qualname__"}:
            return Constant(value.name.rpartition(".")[2])
        case Routine() if (id(value.node), name) in run.noted:
            return run.noted[id(value.node), name]
        case Routine():
            return Outside(f"?.{name}", value.taints)
    return unknown(value.taints)


def _of_constant(run: Run, value: Constant, name: str) -> Value:
    known = value.value
    if not isinstance(known, SAFE) or name.startswith("__"):
        return run.risky(value.taints)
    if isinstance(known, str) and name == "decode" and value.taints:
        return Native(Constant(known.encode(), value.taints), name, value.taints)
    if type(known).__name__ == "PurePosixPath" and not hasattr(known, name):
        return Outside(f"pathlib.Path.{name}", value.taints, value)
    if isinstance(known, ParseResult | SplitResult):
        name = OTHER_NAMES.get(name, name)
    found = getattr(known, name, None)
    if name == "parents" and found is not None:
        found = tuple(found)
    if callable(found):
        return Native(value, name, value.taints)
    return (
        run.risky(value.taints)
        if found is None and not hasattr(known, name)
        else Constant(found, value.taints)
    )


def of_module(run: Run, module: Module, name: str, state: State) -> Value:
    """A global of a module of the code base, or a module inside it."""
    run.project.ensure(module)
    run.project.touch(module.path, name)
    if module.scope is not None:
        scope = state.own.get(module.scope) or state.base.get(module.scope)
        if isinstance(scope, Scope) and (found := scope.variables.get(name)) is not None:
            return found
    child = run.project.child(module, name)
    return UNKNOWN if child is None else Loaded(child)


def of_outside(run: Run, value: Outside, name: str, at: nodes.At, state: State) -> Value:
    """An attribute of something outside: its dotted name grows, and it may be where data comes in."""
    path = f"?.{name}" if value.path.startswith("?") else f"{value.path}.{name}"
    path = run.project.models.name(path)
    if path in run.project.models.keeps:
        return run.project.keeper(path, run)
    if not value.taints:
        try:
            return Constant(constant(path))
        except LookupError:
            pass
    return sources.attribute(run, Outside(path, value.taints, value), at, state)


def _of_ref(run: Run, value: Ref, name: str, state: State, at: nodes.At) -> Value:
    thing = state.thing(value.address)
    match thing:
        case ListObject() | DictObject():
            return Native(value, name, value.taints)
        case Instance():
            found = thing.attributes.get(name)
            if found is not None:
                return with_taints(found, value.taints)
            return _of_instance(run, value, thing, name, state, at)
        case ClassObject():
            if name in {"__name__", "__qualname__"}:
                return Constant(thing.name)
            if name == "__members__" and enumerations.enumerates(value, state):
                return enumerations.mapping(run, value, state)
            found = lookup(value, name, state)
            if found is None:
                return outside_base(run, value, name, state, at) or unknown(value.taints)
            return bound(run, found, value, value, state, at, from_class=True)
    return unknown(value.taints)


def _of_instance(run: Run, value: Ref, thing: Instance, name: str, state: State, at: nodes.At) -> Value:
    if isinstance(thing.kind, Outside):
        if name == "args" and isinstance(getattr(builtins, thing.kind.path, None), type):
            return Tuple(tuple(given for place, given in thing.arguments if isinstance(place, int)))
        path = run.project.models.name(f"{thing.kind.path}.{name}")
        kept = thing.kind.path in run.project.models.keeps
        taints = value.taints if kept else deep_taints(value, state)
        return sources.attribute(run, Outside(path, taints, value), at, state)
    if name == "__class__":
        return thing.kind
    found = lookup(thing.kind, name, state)
    summary = run.project.field(thing.kind, name)
    if found is None and (made := _made_up(run, value, thing, name, state, at)) is not None:
        return made
    if found is None:
        outside = outside_base(run, thing.kind, name, state, at, value)
        given = outside if summary is None or outside is None else joined(outside, summary)
        return given or summary or unknown(deep_taints(value, state))
    return bound(run, found, value, thing.kind, state, at)


def _made_up(run: Run, value: Ref, thing: Instance, name: str, state: State, at: nodes.At) -> Value | None:
    """An attribute that no class declares: a method of records, `__dict__`, or what `__getattr__` gives."""
    path = records.METHODS.get(name)
    if path is not None and records.fields(thing.kind, state):
        return Partial(Outside(path), (value,), ())
    if name == "__dict__":
        return records.as_mapping(run, Outside("vars"), [value], {}, state, at)
    getter = None if name.startswith("__") else lookup(thing.kind, "__getattr__", state)
    if isinstance(getter, Routine):
        return routines.call(run, getter, [value, Constant(name)], {}, state, at)
    return None


def outside_base(
    run: Run, kind: Value, name: str, state: State, at: nodes.At, receiver: Value | None = None
) -> Value | None:
    """The attribute as a class outside gives it from which this one is derived."""
    library = run.project.models
    found = [one for one in lineage(kind, state) if isinstance(one, Outside) and one.path != "object"]
    known = [one for one in found if library.name(one.path) in library.types]
    for one in (*known, *found):
        path = library.name(f"{one.path}.{name}")
        return sources.attribute(run, Outside(path, (receiver or one).taints, receiver or one), at, state)
    return None


def lineage(kind: Value, state: State) -> list[Value]:
    """A class and what it is derived from, in the order attributes are looked up (depth first, each once)."""
    found: list[Value] = []
    seen: set[int] = set()
    todo = [kind]
    while todo:
        one = todo.pop(0)
        if isinstance(one, Choice):
            todo[:0] = one.options
        elif isinstance(one, Ref):
            thing = state.thing(one.address)
            if one.address not in seen and isinstance(thing, ClassObject):
                seen.add(one.address)
                found.append(one)
                todo[:0] = thing.bases
        else:
            found.append(one)
    return found


def lookup(kind: Value, name: str, state: State, after: int | None = None) -> Value | None:
    """A class attribute, in the class or what it is derived from; `after` starts behind a class (`super()`)."""
    skipping = after is not None
    for one in lineage(kind, state):
        if isinstance(one, Ref):
            thing = state.thing(one.address)
            assert isinstance(thing, ClassObject)
            if not skipping and (found := thing.attributes.get(name)) is not None:
                return found
            skipping = skipping and one.address != after
    return None


def bound(
    run: Run,
    found: Value,
    receiver: Value,
    kind: Value,
    state: State,
    at: nodes.At,
    *,
    from_class: bool = False,
) -> Value:
    """A class attribute as it is seen through an instance or through the class."""
    if isinstance(found, Choice):
        return chosen(
            bound(run, option, receiver, kind, state, at, from_class=from_class) for option in found.options
        )
    found = names.resolved(run, found, state)
    if not isinstance(found, Routine):
        getter = descriptor(found, "__get__", state)
        if getter is None or from_class:
            return found
        return routines.call(run, getter, [found, receiver, kind], {}, state, at)
    if "staticmethod" in found.wrapped:
        return found
    if "classmethod" in found.wrapped:
        return Bound(kind, found, kind.taints)
    if from_class:
        return found
    if not decorated.PROPERTIES.isdisjoint(found.wrapped):
        return routines.call(run, found, [receiver], {}, state, at)
    return Bound(receiver, found, receiver.taints)


def descriptor(value: Value, name: str, state: State) -> Routine | None:
    """A method by which an object of the code base stands for an attribute (`__get__`, `__set__`, `__set_name__`)."""
    thing = state.object_of(value)
    if not isinstance(thing, Instance) or not isinstance(thing.kind, Ref):
        return None
    found = lookup(thing.kind, name, state)
    return found if isinstance(found, Routine) else None


def _of_super(run: Run, value: Super, name: str, state: State, at: nodes.At) -> Value:
    receiver = value.receiver
    kind: Value = receiver
    if isinstance(receiver, Ref):
        thing = state.thing(receiver.address)
        if isinstance(thing, Instance):
            kind = thing.kind
    found = lookup(kind, name, state, value.owner)
    if found is None:
        return outside_base(run, kind, name, state, at, receiver) or unknown(receiver.taints)
    return bound(run, found, receiver, kind, state, at)


def store(run: Run, receiver: Value, name: str, value: Value, state: State, at: nodes.At) -> None:
    """`receiver.name = value`."""
    for option in receiver.options if isinstance(receiver, Choice) else (receiver,):
        sure = option is receiver
        if isinstance(option, Routine):
            old = run.noted.get((id(option.node), name))
            run.noted[id(option.node), name] = value if sure or old is None else joined(old, value)
        if isinstance(option, Outside | Loaded):
            _store_outside(run, option, name, value, state, at)
        if not isinstance(option, Ref):
            continue
        thing = state.thing(option.address)
        if isinstance(thing, Instance):
            held = lookup(thing.kind, name, state)
            if isinstance(held, Routine) and held.setter is not None:
                routines.call(run, held.setter, [option, value], {}, state, at)
                continue
            setter = None if held is None else descriptor(held, "__set__", state)
            if setter is not None and held is not None:
                routines.call(run, setter, [held, option, value], {}, state, at)
                continue
            new = value if sure or name not in thing.attributes else joined(thing.attributes[name], value)
            attributes = {**thing.attributes, name: new}
            state.put(option.address, Instance(thing.kind, attributes, thing.arguments, thing.absorbed))
            if isinstance(thing.kind, Outside):
                sources.stored(run, f"{thing.kind.path}.{name}", option, (value,), state, at)
            run.project.note_field(thing.kind, name, value, state)
        elif isinstance(thing, ClassObject):
            attributes = {**thing.attributes, name: value}
            state.put(
                option.address,
                replace(thing, attributes=attributes),
            )


def _store_outside(
    run: Run, receiver: Outside | Loaded, name: str, value: Value, state: State, at: nodes.At
) -> None:
    if isinstance(receiver, Outside):
        sources.stored(run, f"{receiver.path}.{name}", receiver, (value,), state, at)
        return
    module = receiver.module
    run.project.ensure(module)
    scope = None if module.scope is None else state.own.get(module.scope) or state.base.get(module.scope)
    if module.scope is not None and isinstance(scope, Scope):
        variables = {**scope.variables, name: value}
        state.put(module.scope, Scope(scope.kind, variables, scope.outer, scope.module, scope.shared))


EVALUATE[nodes.Attribute] = _attribute
