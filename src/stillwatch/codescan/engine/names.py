"""Variables: reading and binding names, imports, and targets of assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, enumerations, records, subscripts
from stillwatch.codescan.engine.dependence import ALL
from stillwatch.codescan.engine.heap import ClassObject, Instance, ListObject, Scope, State, item_of, path_of
from stillwatch.codescan.engine.run import EVALUATE, EXECUTE, Run, evaluate, scope_of
from stillwatch.codescan.engine.taints import moved
from stillwatch.codescan.engine.values import (
    BUILT_IN,
    TEXT_TYPES,
    UNKNOWN,
    Constant,
    Imported,
    Loaded,
    Outside,
    Ref,
    Tuple,
    Value,
    replaced,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from stillwatch.codescan.engine.modules import Module


CONTAINERS = frozenset({"list", "dict", "set"})


def read(run: Run, name: str, state: State) -> Value:
    """The value of a name: in the scopes around, the module, and what Python has built in."""
    address: int | None = state.scope
    first = True
    while address is not None:
        scope = state.thing(address)
        assert isinstance(scope, Scope)
        if name in scope.shared:
            address = scope.shared[name]
            continue
        if scope.kind == "module":
            run.project.touch(scope.module.path, name)
        if (first or scope.kind != "class") and (found := scope.variables.get(name)) is not None:
            return resolved(run, found, state)
        first = False
        address = scope.outer
    if name in TEXT_TYPES or name in CONTAINERS:
        return Outside(name, receiver=BUILT_IN)
    return Outside(name)  # what Python has built in, or the `?` of what could not be read


def resolved(run: Run, value: Value, state: State) -> Value:
    """What an imported name stands for by now."""
    seen = 0
    while isinstance(value, Imported) and seen < 20:
        seen += 1
        value = attributes.of_module(run, value.module, value.name, state)
    return UNKNOWN if isinstance(value, Imported) else value


def _name(run: Run, node: nodes.Name, state: State) -> Value:
    return read(run, node.name, state)


def bind(run: Run, name: str, value: Value, state: State, at: nodes.At) -> None:
    """Assign to a name of this scope, or of the scope that `global` or `nonlocal` says."""
    if value.taints:
        value = replaced(value, moved(value.taints, run.module.path, at, f"stored in {name}"))
    write(name, value, state)


def write(name: str, value: Value, state: State) -> None:
    address = state.scope
    scope = scope_of(state)
    if name in scope.shared:
        address = scope.shared[name]
        found = state.thing(address)
        assert isinstance(found, Scope)
        scope = found
    variables = scope.variables.copy()
    variables[name] = value
    state.put(address, Scope(scope.kind, variables, scope.outer, scope.module, scope.shared, scope.owner))


def assign(run: Run, target: nodes.Expression, value: Value, state: State) -> None:
    """Bind a target of an assignment, loop or `with`."""
    match target:
        case nodes.Name():
            bind(run, target.name, value, state, target.at)
            if run.frame.routine is None and f"globals.{target.name}" in run.project.models.sinks:
                attributes.store(run, Outside("globals"), target.name, value, state, target.at)
        case nodes.Attribute():
            receiver = evaluate(run, target.value, state)
            attributes.store(run, receiver, target.name, value, state, target.at)
        case nodes.Subscript():
            receiver = evaluate(run, target.value, state)
            subscripts.store(run, receiver, evaluate(run, target.index, state), value, state, target.at)
        case nodes.Display():
            _unpack(run, target.items, value, state)
        case nodes.Star():
            assign(run, target.value, value, state)


def _unpack(run: Run, targets: tuple[nodes.Expression, ...], value: Value, state: State) -> None:
    items = known_items(value, state)
    star = next((place for place, target in enumerate(targets) if isinstance(target, nodes.Star)), None)
    if items is None or (star is None and len(items) != len(targets)) or len(items) < len(targets) - 1:
        run.risks += 1
        path = path_of(value, state)
        given = run.project.models.gives.get(f"{path}[]") if path else None
        each = item_of(value, state) if given is None else Outside(given, value.taints)
        for target in targets:
            one = run.new(ListObject("list", None, each), state) if isinstance(target, nodes.Star) else each
            assign(run, target, one, state)
        return
    if star is not None:
        end = len(items) - (len(targets) - star - 1)
        middle = run.new(ListObject("list", tuple(items[star:end])), state, value.taints)
        items = [*items[:star], middle, *items[end:]]
    for target, item in zip(targets, items, strict=True):
        assign(run, target, item, state)


def known_items(value: Value, state: State) -> list[Value] | None:
    """The items of a value that is iterated over, in order, where all are known."""
    taints = value.taints
    match value:
        case Tuple():
            return (
                [replaced(item, item.taints or taints) for item in value.items]
                if taints
                else list(value.items)
            )
        case Ref():
            thing = state.thing(value.address)
            if isinstance(thing, ListObject) and thing.items is not None:
                return list(thing.items)
            if isinstance(thing, Instance):
                return records.items(value, state)
            if isinstance(thing, ClassObject):
                held = enumerations.members(value, state)
                return None if held is None else list(held.values())
            keys = getattr(thing, "items", None)
            if (
                isinstance(keys, dict)
                and getattr(thing, "rest", None) is None
                and not getattr(thing, "maybe", ())
            ):
                return [Constant(key[0]) for key in keys]
        case Constant():
            if isinstance(value.value, str | bytes | tuple | range | frozenset):
                return [Constant(item, taints) for item in value.value]
    return None


def _import(run: Run, node: nodes.Import, state: State) -> bool:
    for name, alias in node.names:
        module = run.project.imported(name, run.module)
        _begin(run, module)
        if module is None:
            value: Value = Outside(name if alias else name.partition(".")[0])
        elif alias:
            value = Loaded(module)
        else:
            first = run.project.imported(name.partition(".")[0], run.module)
            value = Loaded(first or module)
        write(alias or name.partition(".")[0], value, state)
    return True


def _begin(run: Run, module: Module | None) -> None:
    """What module code imports runs there and then: it may register things with others."""
    if module is not None and run.frame.routine is None and len(run.frames) == 1:
        run.project.ensure(module)


def _import_from(run: Run, node: nodes.ImportFrom, state: State) -> bool:
    module = run.project.imported_from(node.module, node.level, run.module)
    _begin(run, module)
    for name, alias in node.names:
        if name == "*":
            _import_all(run, module, node.module, state)
        elif module is None:
            found = run.project.models.outside(f"{node.module}.{name}" if node.module else name)
            kept = isinstance(found, Outside) and found.path in run.project.models.keeps
            write(alias, run.project.keeper(found.path, run) if kept else found, state)  # type: ignore[attr-defined]  # outside, as was asked
        else:
            write(alias, Imported(module, name), state)
    return True


def _import_all(run: Run, module: Module | None, name: str, state: State) -> None:
    if module is None:
        run.project.note_outside(run.module, name)
        return
    run.project.ensure(module)
    run.project.touch(module.path, ALL)
    if module.scope is not None:
        scope = state.thing(module.scope) if module.scope in state.own or module.scope in state.base else None
        for one in scope.variables if isinstance(scope, Scope) else ():
            if not one.startswith("_"):
                write(one, Imported(module, one), state)


def _scoped(run: Run, node: nodes.Scoped, state: State) -> bool:
    scope = scope_of(state)
    shared = scope.shared.copy()
    for name in node.names:
        owner = run.module.scope if node.kind == "global" else _around(name, scope.outer, state)
        if owner is not None and owner != state.scope:
            shared[name] = owner
    state.put(state.scope, Scope(scope.kind, scope.variables, scope.outer, scope.module, shared, scope.owner))
    return True


def _around(name: str, address: int | None, state: State) -> int | None:
    while address is not None:
        scope = state.thing(address)
        assert isinstance(scope, Scope)
        if name in scope.variables and scope.kind == "call":
            return address
        address = scope.outer
    return None


EVALUATE[nodes.Name] = _name
EXECUTE[nodes.Import] = _import
EXECUTE[nodes.ImportFrom] = _import_from
EXECUTE[nodes.Scoped] = _scoped
