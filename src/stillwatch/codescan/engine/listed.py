"""Methods of lists, sets, deques and queues."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stillwatch.codescan.engine import names
from stillwatch.codescan.engine.heap import (
    ListObject,
    State,
    any_item,
    item_of,
)
from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.taints import CLEAN
from stillwatch.codescan.engine.values import (
    NONE,
    Constant,
    Outside,
    Ref,
    Value,
    joined,
    unknown,
)

Arguments = Sequence[Value]


def _put(
    receiver: Ref, items: tuple[Value, ...] | None, rest: Value | None, kind: str, state: State
) -> Value:
    state.put(receiver.address, ListObject(kind, items, rest))
    return NONE


def _append(_run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    value = arguments[0] if arguments else unknown()
    if thing.items is None:
        return _put(
            receiver, None, value if thing.rest is None else joined(thing.rest, value), thing.kind, state
        )
    return _put(receiver, (*thing.items, value), None, thing.kind, state)


def _append_left(_run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    if thing.items is None:
        return _append(_run, receiver, thing, arguments, state)
    return _put(receiver, (*arguments[:1], *thing.items), None, thing.kind, state)


def _extend(_run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    more = names.known_items(arguments[0], state) if arguments else []
    if thing.items is not None and more is not None:
        return _put(receiver, (*thing.items, *more), None, thing.kind, state)
    mine = any_item(thing)
    each = item_of(arguments[0], state) if arguments else unknown()
    return _put(receiver, None, each if mine is None else joined(mine, each), thing.kind, state)


def _insert(_run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    place, value = (arguments[0], arguments[1]) if len(arguments) > 1 else (unknown(), unknown())
    if thing.items is not None and isinstance(place, Constant) and isinstance(place.value, int):
        items = list(thing.items)
        items.insert(place.value, value)
        return _put(receiver, tuple(items), None, thing.kind, state)
    mine = any_item(thing)
    return _put(receiver, None, value if mine is None else joined(mine, value), thing.kind, state)


def _pop(run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    place = arguments[0] if arguments else Constant(-1)
    if thing.items is None:
        run.risks += 1
        return thing.rest or unknown()
    if not isinstance(place, Constant) or not isinstance(place.value, int) or thing.kind == "set":
        run.risks += 1
        found = any_item(thing)
        _put(receiver, None, found, thing.kind, state)
        return found or unknown()
    items = list(thing.items)
    try:
        value = items.pop(place.value)
    except IndexError:
        raise Thrown(Outside("IndexError")) from None
    _put(receiver, tuple(items), None, thing.kind, state)
    return value


def _pop_left(run: Run, receiver: Ref, thing: ListObject, _arguments: Arguments, state: State) -> Value:
    return _pop(run, receiver, thing, [Constant(-1 if thing.kind == "stack" else 0)], state)


def _taken(run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    """`get()` of a queue: it waits where there is nothing, for what others put there."""
    if thing.items == ():
        run.risks += 1
        return unknown()
    return _pop_left(run, receiver, thing, arguments, state)


def _remove(_run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    if thing.items is not None and arguments and isinstance(arguments[0], Constant):
        known = [item.value if isinstance(item, Constant) else thing for item in thing.items]
        if arguments[0].value in known and thing not in known:
            place = known.index(arguments[0].value)
            return _put(receiver, (*thing.items[:place], *thing.items[place + 1 :]), None, thing.kind, state)
    return _put(receiver, None, any_item(thing), thing.kind, state)


def _clear(_run: Run, receiver: Ref, thing: ListObject, _arguments: Arguments, state: State) -> Value:
    return _put(receiver, (), None, thing.kind, state)


def _reverse(_run: Run, receiver: Ref, thing: ListObject, _arguments: Arguments, state: State) -> Value:
    items = None if thing.items is None else thing.items[::-1]
    return _put(receiver, items, thing.rest, thing.kind, state)


def _sort(_run: Run, receiver: Ref, thing: ListObject, arguments: Arguments, state: State) -> Value:
    if thing.items is not None and not arguments and all(isinstance(item, Constant) for item in thing.items):
        try:
            items = sorted(thing.items, key=lambda item: item.value)  # type: ignore[attr-defined]  # constants, all of them
        except TypeError:
            raise Thrown(Outside("TypeError")) from None
        return _put(receiver, tuple(items), None, thing.kind, state)
    return _put(receiver, None, any_item(thing), thing.kind, state)


def _copy_list(run: Run, receiver: Ref, thing: ListObject, _arguments: Arguments, state: State) -> Value:
    return run.new(ListObject(thing.kind, thing.items, thing.rest), state, receiver.taints)


def _number(_run: Run, _receiver: Ref, _thing: ListObject, _arguments: Arguments, _state: State) -> Value:
    return unknown(CLEAN, "int")


LISTS: dict[str, Callable[[Run, Ref, ListObject, Arguments, State], Value]] = {
    "append": _append,
    "add": _append,
    "put": _append,
    "put_nowait": _append,
    "appendleft": _append_left,
    "extend": _extend,
    "update": _extend,
    "insert": _insert,
    "pop": _pop,
    "popleft": _pop_left,
    "get": _taken,
    "get_nowait": _taken,
    "remove": _remove,
    "discard": _remove,
    "clear": _clear,
    "reverse": _reverse,
    "sort": _sort,
    "copy": _copy_list,
    "index": _number,
    "count": _number,
    "__iter__": _copy_list,
    "__next__": _pop_left,
}
