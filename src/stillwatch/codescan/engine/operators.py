"""Operators, comparisons, conditions and formatted strings."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, calls, enumerations, guards, names
from stillwatch.codescan.engine.constants import BINARY, COMPARISONS, SAFE, UNARY, WIDTH, binary
from stillwatch.codescan.engine.heap import (
    DictObject,
    Instance,
    ListObject,
    State,
    any_item,
    deep_taints,
    item_of,
    joined_states,
    path_of,
    plain,
)
from stillwatch.codescan.engine.run import EVALUATE, EXECUTE, Run, Thrown, evaluate
from stillwatch.codescan.engine.subscripts import key_of
from stillwatch.codescan.engine.taints import CLEAN, cleaned, merged
from stillwatch.codescan.engine.values import (
    FALSE,
    TRUE,
    Bound,
    Choice,
    Constant,
    Loaded,
    Native,
    Outside,
    Ref,
    Routine,
    Text,
    Tuple,
    Value,
    chosen,
    concatenated,
    is_text,
    joined,
    options,
    same,
    type_name,
    unknown,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

PAIRS_LIMIT = 16  # combinations of two choices that are worked out one by one
_PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])")
CONVERSIONS: dict[str, Callable[[object], str]] = {"r": repr, "a": ascii, "s": str}
PATHS = ("pathlib", "PurePosixPath")
NUMBERS = frozenset({"int", "float", "bool", "complex"})
METHODS = {"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "%": "__mod__", "|": "__or__",
           "&": "__and__", "<<": "__lshift__", ">>": "__rshift__", "//": "__floordiv__", "@": "__matmul__"}  # fmt: skip


def _binary(run: Run, node: nodes.Binary, state: State) -> Value:
    chain = [node]
    while isinstance(chain[-1].left, nodes.Binary):
        chain.append(chain[-1].left)
    value = evaluate(run, chain[-1].left, state)
    for link in reversed(chain):
        value = operate(run, link.operator, value, evaluate(run, link.right, state), state, link.at)
    return value


def operate(run: Run, symbol: str, left: Value, right: Value, state: State, at: nodes.At) -> Value:
    """`left symbol right`, for each pair where the operands are choices."""
    mine, theirs = options(left), options(right)
    if len(mine) * len(theirs) > PAIRS_LIMIT:
        return unknown(merged(left.taints, right.taints), type_name(mine[0]))
    return run.one_of(
        partial(_operate, run, symbol, one, other, state, at) for one in mine for other in theirs
    )


def _operate(run: Run, symbol: str, left: Value, right: Value, state: State, at: nodes.At) -> Value:
    taints = merged(left.taints, right.taints)
    if isinstance(left, Constant) and isinstance(right, Constant) and symbol in BINARY:
        try:
            return Constant(binary(symbol, left.value, right.value), taints)
        except LookupError:
            return _percent(run, left, right, state) if symbol == "%" else unknown(taints, type_name(left))
        except Exception as error:  # noqa: BLE001 - whatever the analysed operation raises, the analysed program does
            raise Thrown(Outside(type(error).__name__)) from None
    gives = run.project.models.gives
    made = gives.get(f"{path_of(right, state)}.{symbol}") or gives.get(f"{path_of(left, state)}.{symbol}")
    if made is not None:
        return Outside(made, taints)
    rules = run.project.models.cleans.get(f"{path_of(left, state)}.{symbol}")
    if rules is not None:
        return unknown(cleaned(deep_taints(right, state), rules), "str")
    overloaded = _overloaded(run, symbol, left, right, state, at)
    if overloaded is not None:
        return overloaded
    if symbol == "%" and is_text(left):
        return _percent(run, left, right, state)
    if symbol == "+" and (is_text(left) or is_text(right)):
        return concatenated((left, right))
    if symbol == "/" and type_name(left).startswith(PATHS):
        return Outside("pathlib.Path", taints)
    if isinstance(left, Tuple) and isinstance(right, Tuple) and symbol == "+":
        return Tuple((*left.items, *right.items), taints)
    if isinstance(left, Ref):
        return _of_ref(run, symbol, left, right, state, at)
    if type_name(left) in NUMBERS and type_name(right) in NUMBERS:
        return unknown(taints, "float" if symbol == "/" else "int")
    run.risks += 1
    return unknown(
        merged(taints, deep_taints(right, state)), "str" if symbol == "*" and is_text(left) else "?"
    )


def _overloaded(run: Run, symbol: str, left: Value, right: Value, state: State, at: nodes.At) -> Value | None:
    """The result where a class of the code base says what the operator does; None where none does."""
    name = METHODS.get(symbol)
    if name is None:
        return None
    for one, other, method in ((left, right, name), (right, left, f"__r{name[2:]}")):
        thing = state.object_of(one)
        if not isinstance(thing, Instance) or isinstance(thing.kind, Outside):
            continue
        found = attributes.lookup(thing.kind, method, state)
        if isinstance(found, Routine):
            return calls.call(run, found, [one, other], {}, state, at)
        text = enumerations.text(one, state)
        if text is not None:
            return _operate(run, symbol, *((text, right) if one is left else (left, text)), state, at)
    return None


def _of_ref(run: Run, symbol: str, left: Ref, right: Value, state: State, at: nodes.At) -> Value:
    thing = state.thing(left.address)
    if isinstance(thing, ListObject) and symbol in {"+", "|"}:
        other = names.known_items(right, state)
        if thing.items is not None and other is not None:
            return run.new(ListObject(thing.kind, (*thing.items, *other)), state, left.taints)
        rest = item_of(right, state)
        mine = any_item(thing)
        return run.new(
            ListObject(thing.kind, None, rest if mine is None else joined(mine, rest)), state, left.taints
        )
    if isinstance(thing, DictObject) and symbol == "|" and isinstance(right, Ref):
        other_thing = state.thing(right.address)
        if isinstance(other_thing, DictObject):
            rest_value = thing.rest if other_thing.rest is None else other_thing.rest
            return run.new(DictObject({**thing.items, **other_thing.items}, rest_value), state, left.taints)
    run.risks += 1
    path = thing.kind.path if isinstance(thing, Instance) and isinstance(thing.kind, Outside) else "?"
    return unknown(merged(deep_taints(left, state), deep_taints(right, state)), path)


def _percent(run: Run, left: Value, right: Value, state: State) -> Value:
    taints = merged(left.taints, deep_taints(right, state))
    if not isinstance(left, Constant) or not isinstance(left.value, str):
        return unknown(taints, type_name(left) if isinstance(left, Constant) else "str")
    try:
        values = plain(right, state)
        return Constant(binary("%", left.value, values), taints)
    except LookupError:
        pass
    except (TypeError, ValueError) as error:
        raise Thrown(Outside(type(error).__name__)) from None
    items = list(right.items) if isinstance(right, Tuple) else [right]
    parts: list[Value] = []
    end = place = 0
    for found in _PERCENT.finditer(left.value):
        parts.append(Constant(left.value[end : found.start()]))
        end = found.end()
        if found.group(2) == "%":
            parts.append(Constant("%"))
        elif found.group(1):
            parts.append(_named(right, found.group(1), state))
        elif place < len(items):
            parts.append(items[place] if found.group(2) in "rsa" else unknown(CLEAN, "int"))
            place += 1
    parts.append(Constant(left.value[end:]))
    return concatenated(parts)


def _named(value: Value, name: str, state: State) -> Value:
    thing = state.object_of(value)
    if isinstance(thing, DictObject):
        return thing.items.get((name,)) or thing.rest or unknown()
    return unknown(deep_taints(value, state), "str")


def _unary(run: Run, node: nodes.Unary, state: State) -> Value:
    value = evaluate(run, node.value, state)
    if node.operator == "not":
        known = truth(value, state)
        return unknown(CLEAN, "bool") if known is None else (FALSE if known else TRUE)
    if isinstance(value, Constant):
        try:
            return Constant(UNARY[node.operator](value.value), value.taints)
        except (TypeError, KeyError):
            raise Thrown(Outside("TypeError")) from None
    return unknown(value.taints, type_name(value))


def truth(value: Value, state: State) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    match value:
        case Constant():
            return bool(value.value)
        case Tuple():
            return bool(value.items)
        case Text():
            return True if any(isinstance(piece, str | bytes) and piece for piece in value.pieces) else None
        case Routine() | Bound() | Native() | Loaded():
            return True
        case Choice():
            found = {truth(option, state) for option in value.options}
            return found.pop() if len(found) == 1 else None
        case Ref():
            thing = state.thing(value.address)
            if isinstance(thing, ListObject) and thing.items is not None:
                return bool(thing.items)
            if isinstance(thing, DictObject):
                known = thing.items.keys() - thing.maybe
                return True if known else (None if thing.rest is not None or thing.maybe else False)
    return None


def _boolean(run: Run, node: nodes.Boolean, state: State) -> Value:
    left = evaluate(run, node.left, state)
    wanted = node.operator == "and"  # the right side decides when the left one is true
    known = truth(left, state)
    if known is not None:
        return evaluate(run, node.right, state) if known == wanted else left
    other = state.copy()
    stays = _possible(left, state, truthy=not wanted)
    if type_name(left) == "bool":
        stays = FALSE if wanted else TRUE
    try:
        guards.assume(run, node.left, other, truthy=wanted)
        right = evaluate(run, node.right, other)
    except Thrown:
        run.risks += 1
        return stays
    whole = joined_states([state, other])
    assert whole is not None
    state.become(whole)
    return joined(stays, right)


def _possible(value: Value, state: State, *, truthy: bool) -> Value:
    kept = [option for option in options(value) if truth(option, state) in {None, truthy}]
    return chosen(kept) if kept else value


def _compare(run: Run, node: nodes.Compare, state: State) -> Value:
    left = evaluate(run, node.left, state)
    unsure = False
    for symbol, operand in node.rest:
        right = evaluate(run, operand, state)
        known = compare(run, symbol, left, right, state)
        if known is False:
            return FALSE
        unsure = unsure or known is None
        left = right
    return unknown(CLEAN, "bool") if unsure else TRUE


def compare(run: Run, symbol: str, left: Value, right: Value, state: State) -> bool | None:
    """Whether a comparison holds, for every pair of options; None where that is not known."""
    found: set[bool | None] = set()
    thrown: Thrown | None = None
    for one in options(left):
        for other in options(right):
            try:
                found.add(_compare_pair(run, symbol, one, other, state))
            except Thrown as error:
                run.risks += 1
                thrown = error
    if not found and thrown is not None:
        raise thrown
    return found.pop() if len(found) == 1 else None


def _compare_pair(run: Run, symbol: str, left: Value, right: Value, state: State) -> bool | None:
    if run.following is not None:
        for one, other in ((left, right), (right, left)):
            if one.taints and isinstance(other, Constant):
                run.following.compared(other.value)
    if symbol in {"in", "not in"}:
        held = _contains(run, left, right, state)
        return held if held is None or symbol == "in" else not held
    try:
        mine, theirs = plain(left, state), plain(right, state)
    except LookupError:
        return _apart(symbol, left, right, state)
    if symbol in {"is", "is not"} and not _singletons(mine, theirs):
        return None
    try:
        return bool(COMPARISONS[symbol](mine, theirs))
    except (TypeError, ValueError):
        raise Thrown(Outside("TypeError")) from None


def _singletons(*values: object) -> bool:
    return any(value is None or isinstance(value, bool) for value in values)


def _apart(symbol: str, left: Value, right: Value, state: State) -> bool | None:
    """What is known of identity where the values are not: a thing that exists is not None."""
    if symbol not in {"is", "is not", "==", "!="}:
        return None
    for one, other in ((left, right), (right, left)):
        if isinstance(other, Constant) and other.value is None and not isinstance(one, Outside | Constant):
            return symbol in {"is not", "!="}
        if isinstance(other, Constant) and other.value is None and isinstance(one, Outside) and is_text(one):
            return symbol in {"is not", "!="}
    if isinstance(left, Routine | Ref) and same(left, right):
        return symbol in {"is", "=="}
    if (
        isinstance(left, Ref)
        and isinstance(right, Ref)
        and (symbol.startswith("is") or _by_identity(left, right, state))
    ):
        return symbol in {"is not", "!="}
    return None


def _by_identity(left: Ref, right: Ref, state: State) -> bool:
    """Whether two objects are equal only if they are one: instances of classes that do not say otherwise."""
    for value in (left, right):
        thing = state.thing(value.address)
        if not isinstance(thing, Instance) or not isinstance(thing.kind, Ref):
            return False
        kind = state.thing(thing.kind.address)
        if getattr(kind, "dataclass", False) or attributes.lookup(thing.kind, "__eq__", state) is not None:
            return False
    return True


def _contains(run: Run, left: Value, right: Value, state: State) -> bool | None:
    try:
        mine = plain(left, state)
    except LookupError:
        mine = LookupError
    match right:
        case Constant() if mine is not LookupError and isinstance(right.value, SAFE):
            try:
                return mine in right.value  # type: ignore[operator]  # raises as the program would
            except TypeError:
                raise Thrown(Outside("TypeError")) from None
        case Text() if isinstance(mine, str):
            return True if any(isinstance(piece, str) and mine in piece for piece in right.pieces) else None
        case Ref() | Tuple():
            thing = state.object_of(right)
            if isinstance(thing, DictObject):
                key = key_of(left)
                if key is None or key in thing.maybe:
                    return None
                return True if key in thing.items else (False if thing.rest is None else None)
            if isinstance(thing, Instance) and isinstance(thing.kind, Ref):
                method = attributes.lookup(thing.kind, "__contains__", state)
                if isinstance(method, Routine):
                    return truth(calls.call(run, method, [right, left], {}, state, calls.NOWHERE), state)
            items = names.known_items(right, state)
            if items is not None:
                found = {_compare_pair(run, "==", left, item, state) for item in items}
                return True if True in found else (None if None in found else False)
    return None


def _conditional(run: Run, node: nodes.Conditional, state: State) -> Value:
    return guards.either(
        run,
        node.test,
        state,
        lambda taken: evaluate(run, node.body, taken),
        lambda taken: evaluate(run, node.otherwise, taken),
    )


def _joined_string(run: Run, node: nodes.Joined, state: State) -> Value:
    return concatenated([evaluate(run, part, state) for part in node.parts])


def _formatted(run: Run, node: nodes.Formatted, state: State) -> Value:
    value = evaluate(run, node.value, state)
    specification = None if node.specification is None else evaluate(run, node.specification, state)
    return run.one_of(
        partial(formatted, run, option, node.conversion, specification, state) for option in options(value)
    )


def formatted(run: Run, value: Value, conversion: str, specification: Value | None, state: State) -> Value:
    """One value as `format` writes it."""
    if isinstance(value, Constant) and (specification is None or isinstance(specification, Constant)):
        shown = CONVERSIONS[conversion](value.value) if conversion in CONVERSIONS else value.value
        if specification is not None and WIDTH.search(str(specification.value)):
            return unknown(value.taints, "str")
        try:
            written = format(shown, "" if specification is None else str(specification.value))
        except (TypeError, ValueError) as error:
            raise Thrown(Outside(type(error).__name__)) from None
        return Constant(written, value.taints)
    if isinstance(value, Ref):
        thing = state.thing(value.address)
        member = enumerations.text(value, state)
        if member is not None:
            return member
        if isinstance(thing, Instance) and isinstance(thing.kind, Ref):
            return calls.text_of(run, value, state)
        return unknown(deep_taints(value, state), "str")
    if type_name(value) in NUMBERS:
        return unknown(CLEAN, "str")
    return value if is_text(value) else unknown(value.taints, "str")


def _augmented(run: Run, node: nodes.Augmented, state: State) -> bool:
    old = evaluate(run, node.target, state)
    new = evaluate(run, node.value, state)
    names.assign(run, node.target, _in_place(run, node, old, new, state), state)
    return True


def _in_place(run: Run, node: nodes.Augmented, old: Value, new: Value, state: State) -> Value:
    if isinstance(old, Ref) and node.operator == "+":
        thing = state.thing(old.address)
        if isinstance(thing, ListObject):
            for option in options(new):
                made = operate(run, "+", Ref(old.address), option, state, node.at)
                if isinstance(made, Ref):
                    state.put(old.address, state.thing(made.address))
            return old
    return operate(run, node.operator, old, new, state, node.at)


EVALUATE[nodes.Binary] = _binary
EVALUATE[nodes.Unary] = _unary
EVALUATE[nodes.Boolean] = _boolean
EVALUATE[nodes.Compare] = _compare
EVALUATE[nodes.Conditional] = _conditional
EVALUATE[nodes.Joined] = _joined_string
EVALUATE[nodes.Formatted] = _formatted
EXECUTE[nodes.Augmented] = _augmented
