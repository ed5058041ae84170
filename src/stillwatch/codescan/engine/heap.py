"""Objects with identity, and states: what all of them hold at one point of a run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from stillwatch.codescan.engine.taints import CLEAN, Taints, merged
from stillwatch.codescan.engine.values import (
    Bound,
    Choice,
    Constant,
    Native,
    Outside,
    Partial,
    Ref,
    Text,
    Tuple,
    Value,
    joined,
    replaced,
    same,
    unknown,
    widened,
    with_taints,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stillwatch.codescan.engine.modules import Module

Key = TypeVar("Key")
DEPTH_LIMIT = 5  # levels of containers that are looked into for taints


@dataclass(slots=True, eq=False)
class ListObject:
    """A list, set or deque: `items` where all are known, else `rest` stands for any of them."""

    kind: str
    items: tuple[Value, ...] | None
    rest: Value | None = None


@dataclass(slots=True, eq=False)
class DictObject:
    """A mapping: values at known keys, `rest` for all other keys (None if there are none)."""

    items: dict[object, Value]
    rest: Value | None = None
    maybe: frozenset[object] = frozenset()


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class, of the code base (a Ref) or outside; `arguments` are those of an outside constructor."""

    kind: Value
    attributes: dict[str, Value]
    arguments: tuple[tuple[str | int, Value], ...] = ()
    absorbed: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class ClassObject:
    """A class of the code base; `fields` are those it declares, in order."""

    name: str
    module: Module
    bases: tuple[Value, ...]
    attributes: dict[str, Value]
    fields: tuple[str, ...] = ()
    dataclass: bool = False
    meta: Value | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """Variables of a module, class or call; `outer` is the scope around it, `shared` names that belong to others."""

    kind: str
    variables: dict[str, Value]
    outer: int | None
    module: Module
    shared: dict[str, int] = field(default_factory=dict)
    owner: int | None = None


Thing = ListObject | DictObject | Instance | ClassObject | Scope


class State:
    """What stands where; `base` is what modules left and is shared, `own` what this run added or changed."""

    __slots__ = ("base", "own", "scope")

    def __init__(self, base: dict[int, Thing], own: dict[int, Thing], scope: int) -> None:
        self.base, self.own, self.scope = base, own, scope

    def copy(self) -> State:
        return State(self.base, self.own.copy(), self.scope)

    def become(self, other: State) -> None:
        """Go on from another state, in this scope."""
        self.own = other.own

    def thing(self, address: int) -> Thing:
        found = self.own.get(address)
        return self.base[address] if found is None else found

    def object_of(self, value: Value | None) -> Thing | None:
        """The object of the heap that a value is; None of a value that is none."""
        return self.thing(value.address) if isinstance(value, Ref) else None

    def holds(self, address: int) -> bool:
        return address in self.own or address in self.base

    def put(self, address: int, thing: Thing) -> None:
        self.own[address] = thing


def joined_states(states: Iterable[State], *, widen: bool = False) -> State | None:
    """The state that is one of several; None of none."""
    whole: State | None = None
    for state in states:
        whole = state if whole is None else _joined(whole, state, widen=widen)
    return whole


def _joined(left: State, right: State, *, widen: bool) -> State:
    if left is right or left.own is right.own:
        return left
    own = left.own.copy()
    base = left.base
    # most of it is the same, so what differs is looked for without a call for each
    for address, mine, theirs in zip(
        right.own, map(left.own.get, right.own), right.own.values(), strict=True
    ):
        if mine is theirs:
            continue
        other = mine or base.get(address)
        if other is None:
            own[address] = theirs
        elif other is not theirs:
            own[address] = joined_things(other, theirs, widen=widen)
    for address in left.own.keys() - right.own.keys():
        if address in base:
            own[address] = joined_things(left.own[address], base[address], widen=widen)
    return State(base, own, left.scope)


def joined_things(left: Thing, right: Thing, *, widen: bool) -> Thing:
    match left, right:
        case Scope(), Scope():
            variables = _joined_dicts(left.variables, right.variables, widen=widen)
            return Scope(left.kind, variables, left.outer, left.module, left.shared, left.owner)
        case ListObject(), ListObject():
            return _joined_lists(left, right, widen=widen)
        case DictObject(), DictObject():
            items: dict[object, Value] = _joined_dicts(left.items, right.items, widen=widen)
            one_sided = left.items.keys() ^ right.items.keys()
            rest = _joined_maybe(left.rest, right.rest, widen=widen)
            return DictObject(items, rest, left.maybe | right.maybe | one_sided)
        case Instance(), Instance():
            attributes = _joined_dicts(left.attributes, right.attributes, widen=widen)
            return Instance(left.kind, attributes, left.arguments, merged(left.absorbed, right.absorbed))
        case ClassObject(), ClassObject():
            attributes = _joined_dicts(left.attributes, right.attributes, widen=widen)
            return replace(left, attributes=attributes)
    return left


def _joined_dicts(left: dict[Key, Value], right: dict[Key, Value], *, widen: bool) -> dict[Key, Value]:
    if left is right:
        return left
    made = left.copy()
    for name, theirs in right.items():
        mine = made.get(name)
        if mine is None:
            made[name] = theirs
        elif mine is not theirs:
            made[name] = _joined_values(mine, theirs, widen=widen)
    return made


def _joined_values(left: Value, right: Value, *, widen: bool) -> Value:
    made = joined(left, right)
    if widen and isinstance(made, Choice) and not same(made, left):
        return widened(made.options)
    return made


def _joined_maybe(left: Value | None, right: Value | None, *, widen: bool) -> Value | None:
    if left is None or right is None:
        return left or right
    return _joined_values(left, right, widen=widen)


def _joined_lists(left: ListObject, right: ListObject, *, widen: bool) -> ListObject:
    if left.items is not None and right.items is not None and len(left.items) == len(right.items):
        pairs = zip(left.items, right.items, strict=True)
        return ListObject(
            left.kind, tuple(_joined_values(mine, theirs, widen=widen) for mine, theirs in pairs)
        )
    rest = _joined_maybe(any_item(left), any_item(right), widen=widen)
    return ListObject(left.kind, None, rest)


def any_item(thing: ListObject) -> Value | None:
    """A value that stands for each item; None if there are none."""
    if thing.items is None:
        return thing.rest
    found: Value | None = None
    for item in thing.items:
        found = item if found is None else joined(found, item)
    return found


def any_value(thing: DictObject) -> Value | None:
    """A value that stands for each value of a mapping."""
    found = thing.rest
    for value in thing.items.values():
        found = value if found is None else joined(found, value)
    return found


def deep_taints(value: Value, state: State, depth: int = DEPTH_LIMIT) -> Taints:
    """Whose data is in a value or anywhere inside it."""
    taints = value.taints
    if depth == 0:
        return taints
    match value:
        case Ref():
            for inner in held_in(state.thing(value.address)):
                taints = merged(taints, deep_taints(inner, state, depth - 1))
            thing = state.thing(value.address)
            if isinstance(thing, Instance):
                taints = merged(taints, thing.absorbed)
        case Tuple():
            for inner in value.items:
                taints = merged(taints, deep_taints(inner, state, depth - 1))
        case Choice():
            for inner in value.options:
                taints = merged(taints, deep_taints(inner, state, depth - 1))
        case Bound() | Native():
            taints = merged(taints, deep_taints(value.receiver, state, depth - 1))
        case Partial():
            for inner in value.arguments:
                taints = merged(taints, deep_taints(inner, state, depth - 1))
    return taints


def held_in(thing: Thing) -> Iterable[Value]:
    match thing:
        case ListObject():
            yield from thing.items or ()
            if thing.rest is not None:
                yield thing.rest
        case DictObject():
            yield from thing.items.values()
            if thing.rest is not None:
                yield thing.rest
        case Instance():
            yield from thing.attributes.values()
            yield from (value for _, value in thing.arguments)


def changed(
    value: Value, state: State, change: Callable[[Taints], Taints], depth: int = DEPTH_LIMIT
) -> Value:
    """The same value with the taints in it and inside it changed; what is on the heap stays as it is."""
    if isinstance(value, Ref):
        return Ref(value.address, change(value.taints)) if value.taints else value
    if isinstance(value, Tuple):
        return Tuple(
            tuple(changed(item, state, change, depth - 1) for item in value.items), change(value.taints)
        )
    if isinstance(value, Text):
        pieces = tuple(
            changed(piece, state, change, depth - 1) if isinstance(piece, Value) else piece
            for piece in value.pieces
        )
        return Text(pieces, change(value.taints))
    return replaced(value, change(value.taints))


def plain(value: Value, state: State) -> object:
    """The Python value of a value all of which is known.

    Raises LookupError where it is not.
    """
    match value:
        case Constant():
            return value.value
        case Tuple():
            return tuple(plain(item, state) for item in value.items)
        case Ref():
            thing = state.thing(value.address)
            if isinstance(thing, ListObject) and thing.items is not None:
                items = [plain(item, state) for item in thing.items]
                return set(items) if thing.kind == "set" else items
            if isinstance(thing, DictObject) and thing.rest is None and not thing.maybe:
                return {
                    key[0]: plain(item, state) for key, item in thing.items.items() if isinstance(key, tuple)
                }
    raise LookupError


def of_class(value: Value, state: State) -> Value | None:
    """The class of an instance."""
    if isinstance(value, Ref):
        thing = state.thing(value.address)
        if isinstance(thing, Instance):
            return thing.kind
    return None


def path_of(value: Value, state: State) -> str:
    """The dotted name of what a value is, where it is from outside: its own, or that of its class."""
    if isinstance(value, Outside):
        return value.path
    kind = of_class(value, state)
    return kind.path if isinstance(kind, Outside) else ""


def item_of(value: Value, state: State) -> Value:
    """A value that stands for each item of a value that is iterated over."""
    taints = value.taints
    match value:
        case Tuple():
            found: Value | None = None
            for item in value.items:
                found = item if found is None else joined(found, item)
            return with_taints(found or unknown(), taints)
        case Ref():
            thing = state.thing(value.address)
            if isinstance(thing, ListObject):
                return with_taints(any_item(thing) or unknown(), taints)
            if isinstance(thing, DictObject):
                return unknown(taints, "str")
            return unknown(deep_taints(value, state))
        case Constant() if isinstance(value.value, str):
            return unknown(taints, "str")
        case Text():
            return unknown(taints, "str")
        case Outside() if value.path == "str":
            return value
        case Choice():
            found = None
            for option in value.options:
                item = item_of(option, state)
                found = item if found is None else joined(found, item)
            return found or unknown()
    return unknown(taints)
