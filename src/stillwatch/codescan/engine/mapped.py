"""Methods of mappings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from stillwatch.codescan.engine.heap import (
    DictObject,
    ListObject,
    State,
    any_value,
    deep_taints,
)
from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.subscripts import key_of, stored_dict
from stillwatch.codescan.engine.taints import CLEAN
from stillwatch.codescan.engine.values import (
    NONE,
    Choice,
    Constant,
    Outside,
    Ref,
    Tuple,
    Value,
    chosen,
    joined,
    options,
    unknown,
)

Arguments = Sequence[Value]
Keywords = Mapping[str, Value]


def _get(
    run: Run, _receiver: Ref, thing: DictObject, arguments: Arguments, keywords: Keywords, _state: State
) -> Value:
    default = arguments[1] if len(arguments) > 1 else keywords.get("default", NONE)
    return _looked_up(run, thing, arguments[0] if arguments else unknown(), default)


def _looked_up(run: Run, thing: DictObject, index: Value, default: Value) -> Value:
    if isinstance(index, Choice):
        return chosen(_looked_up(run, thing, option, default) for option in index.options)
    key = key_of(index)
    if key is not None and key in thing.items:
        found = thing.items[key]
        return found if key not in thing.maybe else joined(found, default)
    if key is not None and run.following is not None and thing.rest is None and not thing.items:
        run.following.missing(key[0] if isinstance(key, tuple) else None)
    if key is not None:
        return default if thing.rest is None else joined(thing.rest, default)
    found_any = any_value(thing)
    return default if found_any is None else joined(found_any, default)


def _set_default(
    run: Run, receiver: Ref, thing: DictObject, arguments: Arguments, _keywords: Keywords, state: State
) -> Value:
    default = arguments[1] if len(arguments) > 1 else NONE
    value = _looked_up(run, thing, arguments[0], default)
    state.put(receiver.address, stored_dict(thing, arguments[0], value, sure=True))
    return value


def _pop_key(
    run: Run, receiver: Ref, thing: DictObject, arguments: Arguments, _keywords: Keywords, state: State
) -> Value:
    key = key_of(arguments[0]) if arguments else None
    missing = arguments[1] if len(arguments) > 1 else unknown()
    value = _looked_up(run, thing, arguments[0], missing) if arguments else unknown()
    if key is not None and key in thing.items:
        items = {name: one for name, one in thing.items.items() if name != key}
        state.put(receiver.address, DictObject(items, thing.rest, thing.maybe - {key}))
    return value


def _update(
    run: Run, receiver: Ref, thing: DictObject, arguments: Arguments, keywords: Keywords, state: State
) -> Value:
    items, rest, maybe = dict(thing.items), thing.rest, thing.maybe
    for argument in arguments:
        for option in options(argument):
            other = state.object_of(option)
            if isinstance(other, DictObject):
                items.update(other.items)
                maybe = (maybe - other.items.keys()) | other.maybe
                rest = (
                    rest if other.rest is None else (other.rest if rest is None else joined(rest, other.rest))
                )
            else:
                each = unknown(deep_taints(option, state))
                rest = each if rest is None else joined(rest, each)
    items.update({(name,): value for name, value in keywords.items()})
    state.put(receiver.address, DictObject(items, rest, maybe))
    return NONE


def _keys(
    run: Run, _receiver: Ref, thing: DictObject, _arguments: Arguments, _keywords: Keywords, state: State
) -> Value:
    keys = tuple(Constant(key[0]) for key in thing.items if isinstance(key, tuple))
    if thing.rest is None and not thing.maybe:
        return run.new(ListObject("list", keys), state)
    return run.new(ListObject("list", None, chosen([*keys, unknown()])), state)


def _values(
    run: Run, _receiver: Ref, thing: DictObject, _arguments: Arguments, _keywords: Keywords, state: State
) -> Value:
    if thing.rest is None and not thing.maybe:
        return run.new(ListObject("list", tuple(thing.items.values())), state)
    return run.new(ListObject("list", None, any_value(thing)), state)


def _items(
    run: Run, _receiver: Ref, thing: DictObject, _arguments: Arguments, _keywords: Keywords, state: State
) -> Value:
    pairs: tuple[Value, ...] = tuple(
        Tuple((Constant(key[0]), value)) for key, value in thing.items.items() if isinstance(key, tuple)
    )
    if thing.rest is None and not thing.maybe:
        return run.new(ListObject("list", pairs), state)
    other = Tuple((unknown(_receiver.taints), thing.rest or any_value(thing) or unknown()))
    return run.new(ListObject("list", None, chosen([*pairs, other])), state)


def _copy_dict(
    run: Run, receiver: Ref, thing: DictObject, _arguments: Arguments, _keywords: Keywords, state: State
) -> Value:
    return run.new(DictObject(thing.items, thing.rest, thing.maybe), state, receiver.taints)


def _clear_dict(
    _run: Run, receiver: Ref, _thing: DictObject, _arguments: Arguments, _keywords: Keywords, state: State
) -> Value:
    state.put(receiver.address, DictObject({}))
    return NONE


def _pop_item(
    run: Run, receiver: Ref, thing: DictObject, arguments: Arguments, keywords: Keywords, state: State
) -> Value:
    """`popitem()`: the last that was stored, or the first where it is told so."""
    last = keywords.get("last", arguments[0] if arguments else Constant(value=True))
    if thing.rest is not None or thing.maybe or not isinstance(last, Constant):
        run.risks += 1
        return Tuple((unknown(CLEAN, "str"), any_value(thing) or unknown()))
    if not thing.items:
        raise Thrown(Outside("KeyError"))
    key = list(thing.items)[-1 if last.value else 0]
    items = {name: one for name, one in thing.items.items() if name != key}
    state.put(receiver.address, DictObject(items))
    return Tuple((Constant(key[0]) if isinstance(key, tuple) else unknown(), thing.items[key]))


DICTS: dict[str, Callable[[Run, Ref, DictObject, Arguments, Keywords, State], Value]] = {
    "get": _get,
    "__getitem__": _get,
    "setdefault": _set_default,
    "pop": _pop_key,
    "popitem": _pop_item,
    "update": _update,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "copy": _copy_dict,
    "clear": _clear_dict,
}
