"""`value[index]`: reading and storing by key, by place and by slice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import enumerations, records, sources
from stillwatch.codescan.engine.constants import SAFE
from stillwatch.codescan.engine.heap import (
    ClassObject,
    DictObject,
    Instance,
    ListObject,
    State,
    any_item,
    any_value,
    deep_taints,
    path_of,
)
from stillwatch.codescan.engine.run import EVALUATE, Run, Thrown, evaluate
from stillwatch.codescan.engine.values import (
    Choice,
    Constant,
    Outside,
    Ref,
    Text,
    Tuple,
    Value,
    chosen,
    joined,
    options,
    unknown,
    with_taints,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Hashable


def _subscript(run: Run, node: nodes.Subscript, state: State) -> Value:
    value = evaluate(run, node.value, state)
    if isinstance(node.index, nodes.Slice):
        return _slice(run, value, node.index, state)
    return read(run, value, evaluate(run, node.index, state), state, node.at)


def read(run: Run, value: Value, index: Value, state: State, at: nodes.At) -> Value:
    """What `value[index]` gives."""
    if isinstance(value, Choice) or isinstance(index, Choice):
        return run.one_of(
            partial(read, run, one, each, state, at) for one in options(value) for each in options(index)
        )
    match value:
        case Ref():
            return _of_ref(run, value, index, state, at)
        case Tuple():
            return with_taints(_of_items(run, value.items, index, state), value.taints)
        case Constant():
            return _of_constant(run, value, index)
        case Text():
            return run.risky(value.taints, "str")
        case Outside():
            return sources.item(run, value, index, state, at)
    return run.risky(value.taints)


def _of_constant(run: Run, value: Constant, index: Value) -> Value:
    if not isinstance(index, Constant) or not isinstance(value.value, SAFE):
        return run.risky(value.taints, "str" if isinstance(value.value, str) else "?")
    try:
        found = value.value[index.value]  # type: ignore[index, call-overload]  # what cannot be indexed raises, as it does in Python
    except (LookupError, TypeError, ValueError) as error:
        raise Thrown(Outside(type(error).__name__)) from None
    return Constant(found, value.taints)


def _of_items(run: Run, items: tuple[Value, ...], index: Value, state: State) -> Value:
    if isinstance(index, Constant) and isinstance(index.value, int):
        if -len(items) <= index.value < len(items):
            return items[index.value]
        raise Thrown(Outside("IndexError"))
    run.risks += 1
    return chosen(items) if items else unknown(deep_taints(index, state))


def _of_ref(run: Run, value: Ref, index: Value, state: State, at: nodes.At) -> Value:
    thing = state.thing(value.address)
    match thing:
        case ListObject():
            if thing.items is not None:
                return with_taints(_of_items(run, thing.items, index, state), value.taints)
            run.risks += 1
            return with_taints(thing.rest or unknown(), value.taints)
        case DictObject() if value.address in run.factories and thing.rest is None:
            return _filled_in(run, value, thing, index, state, at)
        case DictObject():
            return with_taints(_of_dict(run, thing, index), value.taints)
        case Instance() if isinstance(thing.kind, Outside):
            taints = deep_taints(value, state)
            return sources.item(run, Outside(thing.kind.path, taints, value), index, state, at)
        case ClassObject() if enumerations.enumerates(value, state):
            return enumerations.by_name(run, value, index, state)
        case Instance() if (items := records.items(value, state)) is not None:
            return _of_items(run, tuple(items), index, state)
        case Instance():
            from stillwatch.codescan.engine import calls  # noqa: PLC0415 - a call reads subscripts, and this calls

            return calls.method(run, value, "__getitem__", [index], state, at)
    return run.risky(deep_taints(value, state))


def _filled_in(run: Run, value: Ref, thing: DictObject, index: Value, state: State, at: nodes.At) -> Value:
    """An item of a `defaultdict`: what is missing is made and kept."""
    key = key_of(index)
    if key in thing.items:
        return with_taints(_of_dict(run, thing, index), value.taints)
    from stillwatch.codescan.engine import calls  # noqa: PLC0415 - a call reads subscripts, and this calls

    made = calls.call(run, run.factories[value.address], [], {}, state, at)
    if key is None:
        made = joined(made, found) if (found := any_value(thing)) is not None else made
    state.put(value.address, stored_dict(thing, index, made, sure=True))
    return made


def _of_dict(run: Run, thing: DictObject, index: Value) -> Value:
    key = key_of(index)
    if key is not None:
        found = thing.items.get(key)
        if found is not None:
            if key in thing.maybe:
                run.risks += 1
                return found if thing.rest is None else joined(found, thing.rest)
            return found
        if thing.rest is None:
            if run.following is not None:
                run.following.compared(index.value if isinstance(index, Constant) else None)
            raise Thrown(Outside("KeyError"))
        run.risks += 1
        return thing.rest
    run.risks += 1
    return any_value(thing) or unknown()


def key_of(index: Value) -> Hashable | None:
    """The Python value of a known key, as a dictionary of constants is keyed; None where it is not known."""
    if isinstance(index, Constant):
        return (index.value,)
    if isinstance(index, Tuple) and all(isinstance(item, Constant) for item in index.items):
        return (tuple(item.value for item in index.items if isinstance(item, Constant)),)
    return None


def _slice(run: Run, value: Value, index: nodes.Slice, state: State) -> Value:
    bounds = [
        None if part is None else evaluate(run, part, state)
        for part in (index.lower, index.upper, index.step)
    ]
    known = [
        bound.value for bound in bounds if isinstance(bound, Constant) and isinstance(bound.value, int | None)
    ]
    cut: slice | None = None
    if len(known) == sum(bound is not None for bound in bounds):
        places = iter(known)
        cut = slice(*[None if bound is None else next(places) for bound in bounds])
    return chosen(_sliced(run, option, cut, state) for option in options(value))


def _sliced(run: Run, value: Value, cut: slice | None, state: State) -> Value:
    match value:
        case Constant() if cut is not None and isinstance(value.value, str | bytes | tuple | range):
            if run.following is not None and value.taints:
                run.following.cut = True
            return Constant(value.value[cut], value.taints)
        case Constant():
            return unknown(value.taints, type(value.value).__name__)
        case Tuple() if cut is not None:
            return Tuple(value.items[cut], value.taints)
        case Ref():
            thing = state.thing(value.address)
            if isinstance(thing, ListObject):
                if thing.items is not None and cut is not None:
                    return run.new(ListObject(thing.kind, thing.items[cut]), state, value.taints)
                return run.new(ListObject(thing.kind, None, any_item(thing)), state, value.taints)
        case Text():
            return unknown(value.taints, "str")
        case Outside():
            return Outside(value.path if value.path in {"str", "bytes"} else "?", value.taints)
    return unknown(deep_taints(value, state))


def store(run: Run, receiver: Value, index: Value, value: Value, state: State, at: nodes.At) -> None:
    """`receiver[index] = value`."""
    sure = not isinstance(receiver, Choice)
    for option in options(receiver):
        if isinstance(option, Outside):
            sources.stored(run, f"{option.path}[]", option, (index, value), state, at)
            sources.note_header(option, index, value, state)
        elif isinstance(option, Ref):
            _store_ref(run, option, index, value, state, at, sure=sure)


def _store_ref(
    run: Run, receiver: Ref, index: Value, value: Value, state: State, at: nodes.At, *, sure: bool
) -> None:
    thing = state.thing(receiver.address)
    match thing:
        case DictObject():
            state.put(receiver.address, stored_dict(thing, index, value, sure=sure))
        case ListObject():
            state.put(receiver.address, _stored_list(thing, index, value, sure=sure))
        case Instance() if isinstance(thing.kind, Outside):
            path = f"{path_of(receiver, state)}[]"
            sources.stored(run, path, receiver, (index, value), state, at)
            sources.absorb(run, receiver, (value,), state)
        case Instance():
            from stillwatch.codescan.engine import calls  # noqa: PLC0415 - as above

            calls.method(run, receiver, "__setitem__", [index, value], state, at)


def stored_dict(thing: DictObject, index: Value, value: Value, *, sure: bool) -> DictObject:
    """A mapping after one more item was stored."""
    key = key_of(index)
    if key is None:
        return DictObject(
            thing.items, value if thing.rest is None else joined(thing.rest, value), thing.maybe
        )
    items = thing.items.copy()
    old = items.get(key)
    items[key] = value if sure or old is None else joined(old, value)
    maybe = thing.maybe - {key} if sure else thing.maybe | ({key} if old is None else frozenset())
    return DictObject(items, thing.rest, maybe)


def _stored_list(thing: ListObject, index: Value, value: Value, *, sure: bool) -> ListObject:
    items = thing.items
    if items is not None and isinstance(index, Constant) and isinstance(index.value, int):
        place = index.value
        if -len(items) <= place < len(items):
            place %= len(items)
            new = value if sure else joined(items[place], value)
            return ListObject(thing.kind, (*items[:place], new, *items[place + 1 :]))
    old = any_item(thing)
    return ListObject(thing.kind, None, value if old is None else joined(old, value))


EVALUATE[nodes.Subscript] = _subscript
EVALUATE[nodes.Slice] = lambda run, node, state: unknown()
