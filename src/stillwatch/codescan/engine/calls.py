"""Calls: arguments, and what is called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, classes, names, natives, outside, routines
from stillwatch.codescan.engine.heap import (
    ClassObject,
    DictObject,
    Instance,
    ListObject,
    State,
    deep_taints,
    item_of,
    joined_states,
    path_of,
)
from stillwatch.codescan.engine.run import EVALUATE, Run, Thrown, evaluate
from stillwatch.codescan.engine.values import (
    NONE,
    Bound,
    Choice,
    Constant,
    Native,
    Outside,
    Partial,
    Ref,
    Routine,
    Super,
    Value,
    chosen,
    joined,
    unknown,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


NOWHERE = (0, 0, 0, 0)
ROUNDS = 4  # of an iterator of the code base that are followed


def _call(run: Run, node: nodes.Call, state: State) -> Value:
    function = evaluate(run, node.function, state)
    if isinstance(function, Outside) and function.path == "super" and not node.arguments:
        return _super(run, state)
    arguments, rest = _positional(run, node, state)
    keywords, more = _keywords(run, node, state)
    if more is not None:
        rest = more if rest is None else joined(rest, more)
    return call(run, function, arguments, keywords, state, node.at, rest)


def _positional(run: Run, node: nodes.Call, state: State) -> tuple[list[Value], Value | None]:
    arguments: list[Value] = []
    rest: Value | None = None
    for argument in node.arguments:
        if isinstance(argument, nodes.Star):
            value = evaluate(run, argument.value, state)
            items = names.known_items(value, state)
            if items is not None and rest is None:
                arguments.extend(items)
            else:
                each = item_of(iterated(run, value, state), state)
                rest = each if rest is None else joined(rest, each)
        else:
            arguments.append(evaluate(run, argument, state))
    return arguments, rest


def _keywords(run: Run, node: nodes.Call, state: State) -> tuple[dict[str, Value], Value | None]:
    keywords: dict[str, Value] = {}
    rest: Value | None = None
    for name, expression in node.keywords:
        value = evaluate(run, expression, state)
        if name is not None:
            keywords[name] = value
            continue
        thing = state.object_of(value)
        if isinstance(thing, DictObject):
            keywords.update({str(key[0]): one for key, one in thing.items.items() if isinstance(key, tuple)})
            rest = thing.rest
        else:
            rest = unknown(deep_taints(value, state))
    return keywords, rest


def _super(run: Run, state: State) -> Value:
    routine = run.frame.routine
    if routine is None or routine.owner is None or not routine.node.parameters:
        return unknown()
    return Super(routine.owner, names.read(run, routine.node.parameters[0].name, state))


def call(
    run: Run,
    function: Value,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
    rest: Value | None = None,
) -> Value:
    """Call a value."""
    match function:
        case Choice():
            return _each(run, function, arguments, keywords, state, at, rest)
        case Routine() if function.others:
            each = chosen([*function.others, replace(function, others=[])])
            return call(run, each, arguments, keywords, state, at, rest)
        case Routine():
            return routines.call(run, function, arguments, keywords, state, at, rest)
        case Bound():
            return call(run, function.function, [function.receiver, *arguments], keywords, state, at, rest)
        case Native():
            return natives.call(run, function, arguments, keywords, state, at)
        case Partial():
            named = {**dict(function.keywords), **keywords}
            return call(run, function.function, [*function.arguments, *arguments], named, state, at, rest)
        case Outside():
            return outside.call(run, function, arguments, keywords, state, at, rest)
        case Ref():
            return _call_ref(run, function, arguments, keywords, state, at, rest)
    run.risks += 1
    return routines.opaque(run, [function, *arguments, *keywords.values()], state)


def _call_ref(
    run: Run,
    function: Ref,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
    rest: Value | None,
) -> Value:
    thing = state.thing(function.address)
    if isinstance(thing, ClassObject):
        return classes.instantiate(run, function, arguments, keywords, state, at, rest)
    if isinstance(thing, Instance):
        if isinstance(thing.kind, Outside):
            taints = deep_taints(function, state)
            return outside.call(
                run,
                Outside(f"{thing.kind.path}.__call__", taints, function),
                arguments,
                keywords,
                state,
                at,
                rest,
            )
        return call(
            run, attributes.read(run, function, "__call__", state, at), arguments, keywords, state, at, rest
        )
    return routines.opaque(run, [function, *arguments, *keywords.values()], state)


def _each(
    run: Run,
    function: Choice,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
    rest: Value | None,
) -> Value:
    found: list[tuple[Value, State]] = []
    for option in function.options:
        other = state.copy()
        try:
            found.append((call(run, option, arguments, keywords, other, at, rest), other))
        except Thrown:
            run.risks += 1
    if not found:
        raise Thrown(Outside("Exception"))
    whole = joined_states(taken for _, taken in found)
    assert whole is not None
    state.become(whole)
    return chosen(value for value, _ in found)


def method(
    run: Run, value: Value, name: str, arguments: Sequence[Value], state: State, at: nodes.At
) -> Value:
    """Call a method by name."""
    return call(run, attributes.read(run, value, name, state, at), arguments, {}, state, at)


def iterated(run: Run, value: Value, state: State) -> Value:
    """What is gone through when a value is iterated over."""
    path = path_of(value, state)
    given = run.project.models.gives.get(f"{path}[]") if path else None
    if given is not None:
        return run.new(ListObject("generator", None, Outside(given, deep_taints(value, state))), state)
    thing = state.object_of(value)
    if isinstance(thing, Instance) and isinstance(thing.kind, Ref):
        found = classes.method_of(thing.kind, "__iter__", value, state)
        if found is not None:
            made = call(run, found, [], {}, state, NOWHERE)
            return _exhausted(run, made, state) or made
    return value


def _exhausted(run: Run, value: Value, state: State) -> Value | None:
    """What an iterator of the code base gives until it stops; None of what is none."""
    thing = state.object_of(value)
    found = (
        classes.method_of(thing.kind, "__next__", value, state)
        if isinstance(thing, Instance) and isinstance(thing.kind, Ref)
        else None
    )
    if found is None:
        return None
    items: list[Value] = []
    run.risks += 1
    for _ in range(ROUNDS):
        try:
            items.append(call(run, found, [], {}, state, NOWHERE))
        except Thrown:
            break
    return run.new(ListObject("generator", None, chosen(items) if items else None), state)


def entered(run: Run, value: Value, state: State, at: nodes.At) -> Value:
    """What `with value as` gives."""
    thing = state.object_of(value)
    if isinstance(thing, Instance) and isinstance(thing.kind, Ref):
        for name in ("__enter__", "__aenter__"):
            found = classes.method_of(thing.kind, name, value, state)
            if found is not None:
                return call(run, found, [], {}, state, at)
    if isinstance(thing, ListObject) and thing.kind == "generator":
        return item_of(value, state)
    return value


def left(run: Run, value: Value, state: State, at: nodes.At) -> None:
    """What is done where a `with` ends without an exception."""
    thing = state.object_of(value)
    for name in (
        ("__exit__", "__aexit__") if isinstance(thing, Instance) and isinstance(thing.kind, Ref) else ()
    ):
        found = classes.method_of(thing.kind, name, value, state) if isinstance(thing, Instance) else None
        if found is not None:
            call(run, found, [NONE, NONE, NONE], {}, state, at)


def text_of(run: Run, value: Value, state: State) -> Value:
    """`str(value)` of an instance of the code base."""
    thing = state.object_of(value)
    if isinstance(thing, Instance):
        for name in ("__format__", "__str__", "__repr__"):
            found = classes.method_of(thing.kind, name, value, state)
            if found is not None:
                given = [Constant("")] if name == "__format__" else []
                return call(run, found, given, {}, state, NOWHERE)
    return unknown(deep_taints(value, state), "str")


EVALUATE[nodes.Call] = _call
