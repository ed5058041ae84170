"""Patterns of `match`: whether a value fits, and what is bound."""

from __future__ import annotations

from stillwatch.codescan.engine import attributes, guards, names, operators
from stillwatch.codescan.engine.heap import DictObject, ListObject, State, deep_taints, item_of
from stillwatch.codescan.engine.run import Run, evaluate
from stillwatch.codescan.engine.subscripts import key_of
from stillwatch.codescan.engine.values import Choice, Value, chosen, is_text, options, unknown
from stillwatch.codescan.syntax import nodes


def matches(run: Run, pattern: nodes.Pattern, value: Value, state: State) -> bool | None:
    """Whether a value fits a pattern (None: perhaps); names are bound in the state as if it did."""
    match pattern:
        case nodes.CapturePattern():
            found = True if pattern.pattern is None else matches(run, pattern.pattern, value, state)
            if pattern.name is not None:
                names.bind(run, pattern.name, value, state, pattern.at)
            return found
        case nodes.ValuePattern():
            return operators.compare(run, "==", value, evaluate(run, pattern.value, state), state)
        case nodes.AnyOfPattern():
            each = {matches(run, one, value, state) for one in pattern.patterns}
            return True if True in each else (None if None in each else False)
        case nodes.SequencePattern():
            return _sequence(run, pattern, value, state)
        case nodes.MappingPattern():
            return _mapping(run, pattern, value, state)
        case nodes.ClassPattern():
            return _class(run, pattern, value, state)
    return None


def _all(found: list[bool | None]) -> bool | None:
    return False if False in found else (None if None in found else True)


def _sequence(run: Run, pattern: nodes.SequencePattern, value: Value, state: State) -> bool | None:
    if isinstance(value, Choice):
        each = [_sequence(run, pattern, option, state) for option in value.options]
        return None if len(set(each)) > 1 else each[0]
    star = next(
        (place for place, one in enumerate(pattern.patterns) if isinstance(one, nodes.StarPattern)), None
    )
    items = None if is_text(value) else names.known_items(value, state)
    if items is None:
        return _bind_each(run, pattern.patterns, value, state)
    if run.following is not None and any(item.taints for item in items):
        for one in pattern.patterns:
            if isinstance(one, nodes.ValuePattern) and isinstance(one.value, nodes.Constant):
                run.following.compared(one.value.value)
    wanted = len(pattern.patterns) - (star is not None)
    if len(items) < wanted or (star is None and len(items) != wanted):
        return False
    found: list[bool | None] = []
    end = len(items) - (len(pattern.patterns) - (star or 0) - 1)
    taken = items if star is None else [*items[:star], None, *items[end:]]
    for one, item in zip(pattern.patterns, taken, strict=True):
        if isinstance(one, nodes.StarPattern):
            if one.name is not None and star is not None:
                names.write(one.name, run.new(ListObject("list", tuple(items[star:end])), state), state)
        elif item is not None:
            found.append(matches(run, one, item, state))
    return _all(found)


def _bind_each(run: Run, patterns: tuple[nodes.Pattern, ...], value: Value, state: State) -> bool | None:
    if is_text(value):
        return False
    each = item_of(value, state)
    for one in patterns:
        if isinstance(one, nodes.StarPattern):
            if one.name is not None:
                names.write(one.name, run.new(ListObject("list", None, each), state), state)
        else:
            matches(run, one, each, state)
    return None


def _mapping(run: Run, pattern: nodes.MappingPattern, value: Value, state: State) -> bool | None:
    found: list[bool | None] = []
    for key_node, one in pattern.items:
        key = key_of(evaluate(run, key_node, state))
        items: list[Value] = []
        for option in options(value):
            thing = state.object_of(option)
            if isinstance(thing, DictObject) and key in thing.items:
                items.append(thing.items[key])
                found.append(None if key in thing.maybe else True)
            elif isinstance(thing, DictObject) and thing.rest is None:
                found.append(False)
            else:
                items.append(unknown(deep_taints(option, state)))
                found.append(None)
        if items:
            found.append(matches(run, one, chosen(items), state))
    if pattern.rest is not None:
        names.write(pattern.rest, unknown(deep_taints(value, state)), state)
    if False in found and not isinstance(value, Choice):
        return False
    return None if False in found or None in found else True


def _class(run: Run, pattern: nodes.ClassPattern, value: Value, state: State) -> bool | None:
    kind = evaluate(run, pattern.type, state)
    found = [guards.instance_of(run, value, kind, state)]
    for name, one in pattern.keywords:
        found.append(matches(run, one, attributes.read(run, value, name, state, pattern.at), state))
    for one in pattern.positional:
        inner = matches(run, one, value if len(pattern.positional) == 1 else unknown(value.taints), state)
        found.append(inner)
    return _all(found)
