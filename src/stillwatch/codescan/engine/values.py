"""What can stand in a variable.

Constant   one Python value, known
Text       a string known in part: pieces of text and values between them
Outside    something of code we do not read: its dotted name is its type or where it is from; `?` if unknown
Tuple      known items
Choice     one of a few values
Callable_  a function of the code base, bound or not; classes and modules are objects of the heap
Ref        an object of the heap, which has identity and can change
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stillwatch.codescan.engine.taints import CLEAN, Taints, merged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.syntax import nodes

CHOICE_LIMIT = 8
TEXT_LIMIT = 40  # pieces


class Value:
    """Any of the kinds above; `taints` says whose data it was made from. Values never change."""

    __slots__ = ("taints",)
    taints: Taints


@dataclass(slots=True, eq=False)
class Constant(Value):
    """One Python value, known."""

    value: object
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Text(Value):
    """`pieces` are str (or bytes) known as they are, and values whose text stands there."""

    pieces: tuple[str | bytes | Value, ...]
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Outside(Value):
    """`receiver` is what a method or attribute was taken from, `arguments` those of the call that gave it."""

    path: str
    taints: Taints = field(default_factory=lambda: CLEAN)
    receiver: Value | None = None
    arguments: tuple[tuple[str | int, Value], ...] = ()


@dataclass(slots=True, eq=False)
class Tuple(Value):
    """A tuple of known length."""

    items: tuple[Value, ...]
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Choice(Value):
    """One of a few values, and which is not known."""

    options: tuple[Value, ...]
    taints: Taints


@dataclass(slots=True, eq=False)
class Ref(Value):
    """An object of the heap."""

    address: int
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Routine(Value):
    """A function of the code base: `scope` is the address of the scope it was written in.

    `wrapped` names its decorators and `marks` are their values; `setter` is a property's, `others` are what
    `functools.singledispatch` chooses from.
    """

    node: nodes.Function | nodes.Lambda
    module: Module
    scope: int
    name: str
    defaults: tuple[tuple[str, Value], ...] = ()
    owner: int | None = None
    wrapped: tuple[str, ...] = ()
    marks: tuple[Value, ...] = ()
    setter: Routine | None = None
    others: list[Routine] = field(default_factory=list)
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Bound(Value):
    """A method with what it was taken from; `super_of` is the class after which the look-up goes on."""

    receiver: Value
    function: Value
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Native(Value):
    """A method of a built-in type, taken from a value."""

    receiver: Value
    name: str
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Partial(Value):
    """`functools.partial`."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Super(Value):
    """`super()` in a method of the class at `owner`, for `receiver`."""

    owner: int
    receiver: Value
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Loaded(Value):
    """A module of the code base."""

    module: Module
    taints: Taints = field(default_factory=lambda: CLEAN)


@dataclass(slots=True, eq=False)
class Imported(Value):
    """A name of a module of the code base, looked up when it is used: modules may import each other in a circle."""

    module: Module
    name: str
    taints: Taints = field(default_factory=lambda: CLEAN)


NONE = Constant(None)
TRUE = Constant(True)
FALSE = Constant(False)
UNKNOWN = Outside("?")
BUILT_IN = Outside("builtins")
"""What the names of built-in types are taken from, to tell them from values of these types."""
TEXT_TYPES = ("str", "bytes")


def unknown(taints: Taints = CLEAN, path: str = "?") -> Value:
    return UNKNOWN if not taints and path == "?" else Outside(path, taints)


def with_taints(value: Value, taints: Taints) -> Value:
    """The same value, made from more data."""
    if not taints or value.taints is taints:
        return value
    whole = merged(value.taints, taints)
    return value if whole is value.taints else replaced(value, whole)


def replaced(value: Value, taints: Taints) -> Value:
    """The same value with other taints."""
    match value:
        case Constant():
            return Constant(value.value, taints)
        case Text():
            return Text(value.pieces, taints)
        case Outside():
            return Outside(value.path, taints, value.receiver, value.arguments)
        case Tuple():
            return Tuple(value.items, taints)
        case Choice():
            return Choice(tuple(replaced(option, taints) for option in value.options), taints)
        case Ref():
            return Ref(value.address, taints)
        case Native():
            return Native(value.receiver, value.name, taints)
    return value


def options(value: Value) -> tuple[Value, ...]:
    return value.options if isinstance(value, Choice) else (value,)


def same(left: Value, right: Value) -> bool:
    """Whether two values cannot be told apart (taints aside)."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    match left, right:
        case Constant(), Constant():
            return type(left.value) is type(right.value) and _equal(left.value, right.value)
        case Ref(), Ref():
            return left.address == right.address
        case Outside(), Outside():
            return left.path == right.path and _same_receiver(left.receiver, right.receiver)
        case Tuple(), Tuple():
            return len(left.items) == len(right.items) and all(map(same, left.items, right.items))
        case Text(), Text():
            return len(left.pieces) == len(right.pieces) and all(map(_same_piece, left.pieces, right.pieces))
        case Routine(), Routine():
            return left.node is right.node and left.scope == right.scope
        case Bound(), Bound():
            return same(left.receiver, right.receiver) and same(left.function, right.function)
        case Loaded(), Loaded():
            return left.module is right.module
        case Imported(), Imported():
            return left.module is right.module and left.name == right.name
        case Native(), Native():
            return left.name == right.name and same(left.receiver, right.receiver)
    return False


def _equal(left: object, right: object) -> bool:
    return bool(left == right)


def _same_receiver(left: Value | None, right: Value | None) -> bool:
    return left is right or (left is not None and right is not None and same(left, right))


def _same_piece(left: str | bytes | Value, right: str | bytes | Value) -> bool:
    if isinstance(left, Value) and isinstance(right, Value):
        return same(left, right)
    return not isinstance(left, Value) and not isinstance(right, Value) and left == right


def joined(left: Value, right: Value) -> Value:
    """A value that is one of two."""
    if left is right:
        return left
    if same(left, right):
        return with_taints(left, right.taints) if _covers(left, right) else _with_inner(left, right)
    return chosen((*options(left), *options(right)))


def _covers(left: Value, right: Value) -> bool:
    """Whether items inside have no taints of their own that a merge would lose."""
    return not isinstance(left, Tuple | Text) and not isinstance(right, Tuple | Text)


def _with_inner(left: Value, right: Value) -> Value:
    taints = merged(left.taints, right.taints)
    match left, right:
        case Tuple(), Tuple():
            return Tuple(tuple(map(joined, left.items, right.items)), taints)
        case Text(), Text():
            pieces = tuple(
                joined(mine, theirs) if isinstance(mine, Value) and isinstance(theirs, Value) else mine
                for mine, theirs in zip(left.pieces, right.pieces, strict=True)
            )
            return Text(pieces, taints)
    return left


def chosen(values: Iterable[Value]) -> Value:
    """One of several values; a shape that covers them where they are too many."""
    kept: list[Value] = []
    waiting = iter(values)
    for value in waiting:
        for place, other in enumerate(kept):
            if same(value, other):
                kept[place] = joined(other, value)
                break
        else:
            kept.append(value)
        if len(kept) > CHOICE_LIMIT:
            return widened((*kept, *waiting))
    if len(kept) == 1:
        return kept[0]
    taints = CLEAN
    for value in kept:
        taints = merged(taints, value.taints)
    return Choice(tuple(kept), taints)


def widened(values: Iterable[Value]) -> Value:
    """The shape that covers values: their type if they share one."""
    taints, paths = CLEAN, set()
    for value in values:
        taints = merged(taints, value.taints)
        paths.add(type_name(value))
    return unknown(taints, paths.pop() if len(paths) == 1 else "?")


def type_name(value: Value) -> str:
    """The dotted name of a value's type where it is built in or outside; `?` where it is not known."""
    match value:
        case Constant():
            return type(value.value).__name__
        case Text():
            return "bytes" if any(isinstance(piece, bytes) for piece in value.pieces) else "str"
        case Tuple():
            return "tuple"
        case Outside():
            return value.path
    return "?"


def is_text(value: Value) -> bool:
    match value:
        case Constant():
            return isinstance(value.value, str | bytes)
        case Text():
            return True
        case Outside():
            return value.path in TEXT_TYPES
    return False


def concatenated(parts: Iterable[Value], taints: Taints = CLEAN) -> Value:
    """Text put together; a constant where all of it is known."""
    together = list(parts)
    for part in together:
        taints = merged(taints, part.taints)
    if all(isinstance(part, Constant) for part in together):
        known = [part.value for part in together if isinstance(part, Constant)]
        if known and all(isinstance(value, bytes) for value in known):
            return Constant(b"".join(value for value in known if isinstance(value, bytes)), taints)
        return Constant("".join(map(str, known)), taints)
    pieces: list[str | bytes | Value] = []
    for piece in (piece for part in together for piece in _pieces(part)):
        last = pieces[-1] if pieces else None
        if (isinstance(piece, str) and isinstance(last, str)) or (
            isinstance(piece, bytes) and isinstance(last, bytes)
        ):
            pieces[-1] = last + piece  # type: ignore[operator]  # both are text, or both bytes
        elif piece not in ("", b""):
            pieces.append(piece)
    if len(pieces) == 1 and not isinstance(pieces[0], Value):
        return Constant(pieces[0], taints)
    return Text(tuple(pieces), taints) if len(pieces) <= TEXT_LIMIT else Outside("str", taints)


def _pieces(part: Value) -> tuple[str | bytes | Value, ...]:
    match part:
        case Constant():
            value = part.value
            known = value if isinstance(value, str | bytes) else str(value)
            return (part,) if part.taints else (known,)
        case Text():
            return part.pieces
    return (part,)
