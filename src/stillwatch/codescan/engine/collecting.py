"""Functions that put items into collections and take them out: heaps, records of bytes, and items worked on elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import builtins, names
from stillwatch.codescan.engine.heap import ListObject, State, any_item, deep_taints
from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.values import (
    NONE,
    Constant,
    Outside,
    Ref,
    Tuple,
    Value,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.syntax import nodes

_FORMAT = re.compile(r"(\d*)([xcbB?hHiIlLqQnNefdspP])")
FIELDS_LIMIT = 64


def _listed(arguments: Sequence[Value], state: State) -> tuple[Ref, ListObject] | None:
    first = arguments[0] if arguments else None
    thing = state.object_of(first)
    return (first, thing) if isinstance(first, Ref) and isinstance(thing, ListObject) else None


def _pushed(
    _run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    held = _listed(arguments, state)
    if held is None or len(arguments) < 2:
        return None
    reference, thing = held
    known = None if thing.items is None else (*thing.items, arguments[1])
    rest = (
        None
        if known is not None
        else any_item(ListObject("list", (arguments[1], thing.rest or arguments[1])))
    )
    state.put(reference.address, ListObject(thing.kind, known, rest))
    return NONE


def _popped(
    run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    """The smallest item, where what they are ordered by is known."""
    held = _listed(arguments, state)
    if held is None:
        return None
    reference, thing = held
    if thing.items == ():
        raise Thrown(Outside("IndexError"))
    ranks = None if thing.items is None else [_rank(item) for item in thing.items]
    if thing.items is None or ranks is None or None in ranks or len(set(map(str, ranks))) < len(ranks):
        run.risks += 1
        return any_item(thing) or unknown()
    try:
        place = ranks.index(min(ranks))  # type: ignore[type-var]  # whatever they are, they are compared as the program does
    except TypeError:
        return any_item(thing)
    items = (*thing.items[:place], *thing.items[place + 1 :])
    state.put(reference.address, ListObject(thing.kind, items))
    return thing.items[place]


def _rank(item: Value) -> object:
    first = item.items[0] if isinstance(item, Tuple) and item.items else item
    return first.value if isinstance(first, Constant) and not first.taints else None


def _unpacked(
    run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    """`struct.unpack`: what is no text is a number."""
    layout = arguments[0] if arguments else None
    if not isinstance(layout, Constant) or len(arguments) < 2:
        return None
    text = layout.value.decode("latin-1") if isinstance(layout.value, bytes) else str(layout.value)
    taints = deep_taints(arguments[1], state)
    run.risks += 1
    items: list[Value] = []
    for count, code in _FORMAT.findall(text):
        if code in "sp":
            items.append(unknown(taints, "bytes"))
        elif code != "x":
            items.extend([unknown(path="int")] * min(int(count or 1), FIELDS_LIMIT))
    return Tuple(tuple(items))


def _worked_on(
    run: Run,
    function: Outside,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
) -> Value | None:
    """`pool.map(function, items)`: it is called with each."""
    return builtins.mapped(run, function, arguments[:2], keywords, state, at)


def _spread(
    run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
) -> Value | None:
    """`starmap(function, rows)`: it is called with the items of each row."""
    from stillwatch.codescan.engine import calls  # noqa: PLC0415 - a call may be one of these

    rows = names.known_items(arguments[1], state) if len(arguments) > 1 else None
    if rows is None or len(rows) > run.loop_limit:
        return None
    given = [names.known_items(row, state) for row in rows]
    if None in given:
        return None
    made = tuple(calls.call(run, arguments[0], row or [], {}, state, at) for row in given)
    return run.new(ListObject("list", made), state)


SPECIAL: dict[str, builtins.Special] = {
    "heapq.heappush": _pushed,
    "heapq.heappop": _popped,
    "struct.unpack": _unpacked,
    "struct.unpack_from": _unpacked,
    "concurrent.futures.ThreadPoolExecutor.map": _worked_on,
    "concurrent.futures.ProcessPoolExecutor.map": _worked_on,
    "multiprocessing.Pool.map": _worked_on,
    "multiprocessing.Pool.imap": _worked_on,
    "multiprocessing.pool.ThreadPool.map": _worked_on,
    "multiprocessing.Pool.starmap": _spread,
    "itertools.starmap": _spread,
}
