"""Lists, tuples, sets and mappings written out, comprehensions, and statements that only evaluate and bind."""

from __future__ import annotations

from stillwatch.codescan.engine import calls, guards, names, routines
from stillwatch.codescan.engine.heap import (
    DictObject,
    Instance,
    ListObject,
    Scope,
    State,
    deep_taints,
    item_of,
    joined_states,
)
from stillwatch.codescan.engine.run import EVALUATE, EXECUTE, Run, evaluate, scope_of
from stillwatch.codescan.engine.subscripts import key_of
from stillwatch.codescan.engine.values import (
    Constant,
    Ref,
    Tuple,
    Value,
    chosen,
    joined,
    unknown,
)
from stillwatch.codescan.syntax import nodes

Item = tuple[Value | None, Value]


def _display(run: Run, node: nodes.Display, state: State) -> Value:
    items: list[Value] = []
    rest: list[Value] = []
    for one in node.items:
        if isinstance(one, nodes.Star):
            value = evaluate(run, one.value, state)
            known = names.known_items(value, state)
            (rest if known is None else items).extend([item_of(value, state)] if known is None else known)
        else:
            items.append(evaluate(run, one, state))
    if node.kind == "tuple" and not rest:
        return Tuple(tuple(items))
    if rest:
        return run.new(ListObject(node.kind, None, chosen([*items, *rest])), state)
    return run.new(ListObject(node.kind, tuple(items)), state)


def _dict_display(run: Run, node: nodes.DictDisplay, state: State) -> Value:
    items: dict[object, Value] = {}
    rest: Value | None = None
    for key_node, value_node in node.items:
        value = evaluate(run, value_node, state) if key_node is None else None
        if key_node is None and value is not None:
            thing = state.object_of(value)
            if isinstance(thing, DictObject):
                items.update(thing.items)
                more = thing.rest
            else:
                more = unknown(deep_taints(value, state))
        elif key_node is not None:
            index = evaluate(run, key_node, state)
            key = key_of(index)
            found = evaluate(run, value_node, state)
            more = found if key is None else None
            if key is not None:
                items[key] = found
        if more is not None:
            rest = more if rest is None else joined(rest, more)
    return run.new(DictObject(items, rest), state)


def _comprehension(run: Run, node: nodes.Comprehension, state: State) -> Value:
    scope = run.new(Scope("call", {}, state.scope, run.module), state)
    outer, state.scope = state.scope, scope.address
    kept, run.frame.kept = run.frame.kept, False
    found: list[Item] = []
    try:
        sure = _clause(run, node, 0, state, found)
    finally:
        state.scope = outer
        if not run.frame.kept:
            state.own.pop(scope.address, None)
        run.frame.kept = run.frame.kept or kept
    if node.kind == "dict":
        return _as_dict(run, found, state, sure=sure)
    values = tuple(value for _, value in found)
    kind = "list" if node.kind == "generator" else node.kind
    if sure:
        return run.new(ListObject(kind, values), state)
    return run.new(ListObject(kind, None, chosen(values) if values else None), state)


def _as_dict(run: Run, found: list[Item], state: State, *, sure: bool) -> Value:
    keys = [None if key is None else key_of(key) for key, _ in found]
    if sure and None not in keys:
        return run.new(DictObject({key: value for key, (_, value) in zip(keys, found, strict=True)}), state)
    return run.new(DictObject({}, chosen(value for _, value in found) if found else None), state)


def _clause(run: Run, node: nodes.Comprehension, place: int, state: State, found: list[Item]) -> bool:
    """Go through one `for`; whether each item that is there, and no other, was found."""
    if place == len(node.clauses):
        key = None if node.key is None else evaluate(run, node.key, state)
        found.append((key, evaluate(run, node.element, state)))
        return True
    clause = node.clauses[place]
    iterable = evaluate(run, clause.iterable, state)
    items = names.known_items(iterable, state)
    if items is not None and len(items) <= run.loop_limit:
        return all(_item(run, node, place, item, state, found) for item in items)
    run.risks += 1
    run.frame.undecided = True
    _item(run, node, place, item_of(calls.iterated(run, iterable, state), state), state, found)
    return False


def _item(
    run: Run, node: nodes.Comprehension, place: int, item: Value, state: State, found: list[Item]
) -> bool:
    clause = node.clauses[place]
    names.assign(run, clause.target, item, state)
    sure = True
    failures: list[State] = []
    for condition in clause.conditions:
        held, failed = guards.branches(run, condition, state)
        if held is None:
            return sure
        if failed is not None:
            sure = False
            failures.append(failed)
        if held is not state:
            state.become(held)
    inner = _clause(run, node, place + 1, state, found)
    whole = joined_states([state, *failures])
    if whole is not None and failures:
        state.become(whole)
    return sure and inner


def _assign(run: Run, node: nodes.Assign, state: State) -> bool:
    value = evaluate(run, node.value, state)
    for target in node.targets:
        names.assign(run, target, value, state)
    return True


def _annotated(run: Run, node: nodes.Annotated, state: State) -> bool:
    scope = scope_of(state)
    if node.value is not None:
        names.assign(run, node.target, evaluate(run, node.value, state), state)
    if scope.kind == "class" and isinstance(node.target, nodes.Name) and scope.owner is not None:
        kind = evaluate(run, routines.meant(node.annotation), state.copy())
        run.project.note_declared(scope.owner, node.target.name, run.project.instance(run, kind, state))
        marks = [evaluate(run, one, state) for one in _marks(node.annotation)]
        run.project.note_marks(scope.owner, node.target.name, marks)
    return True


def _marks(annotation: nodes.Expression) -> tuple[nodes.Expression, ...]:
    """The calls in an annotation that say more of it: `constr(…)`, those of `Annotated[…]`."""
    if isinstance(annotation, nodes.Call):
        return (annotation,)
    if isinstance(annotation, nodes.Subscript) and isinstance(annotation.index, nodes.Display):
        return tuple(one for one in annotation.index.items if isinstance(one, nodes.Call))
    return ()


def _evaluate(run: Run, node: nodes.Evaluate, state: State) -> bool:
    evaluate(run, node.value, state)
    return True


def _delete(run: Run, node: nodes.Delete, state: State) -> bool:
    for target in node.targets:
        if isinstance(target, nodes.Subscript):
            receiver, index = evaluate(run, target.value, state), evaluate(run, target.index, state)
            thing = state.object_of(receiver)
            key = key_of(index)
            if isinstance(thing, DictObject) and key is not None:
                items = {name: value for name, value in thing.items.items() if name != key}
                state.put(receiver.address, DictObject(items, thing.rest, thing.maybe - {key}))  # type: ignore[attr-defined]  # a Ref
            elif isinstance(thing, ListObject) and isinstance(receiver, Ref):
                state.put(receiver.address, _without(thing, index))
        elif isinstance(target, nodes.Attribute):
            receiver = evaluate(run, target.value, state)
            thing = state.object_of(receiver)
            if isinstance(thing, Instance) and isinstance(receiver, Ref):
                attributes = {name: value for name, value in thing.attributes.items() if name != target.name}
                state.put(receiver.address, Instance(thing.kind, attributes, thing.arguments, thing.absorbed))
    return True


def _without(thing: ListObject, index: Value) -> ListObject:
    items = thing.items
    if items is not None and isinstance(index, Constant) and isinstance(index.value, int):
        place = index.value % len(items) if items else 0
        return ListObject(thing.kind, items[:place] + items[place + 1 :])
    return ListObject(
        thing.kind,
        None,
        None if items is None and thing.rest is None else chosen(items or (thing.rest or unknown(),)),
    )


def _walrus(run: Run, node: nodes.Walrus, state: State) -> Value:
    value = evaluate(run, node.value, state)
    names.bind(run, node.name, value, state, node.at)
    return value


EVALUATE[nodes.Constant] = lambda _run, node, _state: Constant(node.value)
EVALUATE[nodes.Display] = _display
EVALUATE[nodes.DictDisplay] = _dict_display
EVALUATE[nodes.Comprehension] = _comprehension
EVALUATE[nodes.Walrus] = _walrus
EVALUATE[nodes.Await] = lambda run, node, state: evaluate(run, node.value, state)
EVALUATE[nodes.Star] = lambda run, node, state: evaluate(run, node.value, state)
EXECUTE[nodes.Assign] = _assign
EXECUTE[nodes.Annotated] = _annotated
EXECUTE[nodes.Evaluate] = _evaluate
EXECUTE[nodes.Delete] = _delete
