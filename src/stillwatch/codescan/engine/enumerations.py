"""Enumerations of the code base: their members by name and by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes
from stillwatch.codescan.engine.heap import ClassObject, DictObject, Instance, State
from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.values import Constant, Outside, Ref, Routine, Value, chosen, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})


def enumerates(kind: Value, state: State) -> bool:
    """Whether a class is an enumeration."""
    return any(isinstance(one, Outside) and one.path in KINDS for one in attributes.lineage(kind, state))


def member(run: Run, kind: Ref, name: str, value: Value, state: State) -> Value:
    """What stands for a name of an enumeration's body."""
    if isinstance(value, Routine) or name.startswith("_"):
        return value
    return run.new(Instance(kind, {"value": value, "name": Constant(name)}), state)


def members(kind: Value, state: State) -> dict[str, Value] | None:
    """The members of an enumeration by name; None where a value is no class, or no enumeration."""
    thing = state.object_of(kind)
    if not isinstance(thing, ClassObject) or not enumerates(kind, state):
        return None
    return {name: value for name, value in thing.attributes.items() if _is_member(value, kind, state)}


def _is_member(value: Value, kind: Value, state: State) -> bool:
    thing = state.object_of(value)
    own = thing.kind if isinstance(thing, Instance) else None
    return isinstance(own, Ref) and isinstance(kind, Ref) and own.address == kind.address


def by_value(run: Run, kind: Ref, arguments: Sequence[Value], state: State) -> Value:
    """`Kind(value)`: the member that has the value, or one of all where it is not known which."""
    held = list((members(kind, state) or {}).values())
    given = arguments[0]
    if not isinstance(given, Constant):
        return anyone(run, kind, state)
    sure = True
    for one in held:
        thing = state.object_of(one)
        value = thing.attributes.get("value") if isinstance(thing, Instance) else None
        if isinstance(value, Constant):
            if value.value == given.value:
                return one
        else:
            sure = False
    if sure and held:
        raise Thrown(Outside("ValueError"))
    return anyone(run, kind, state)


def by_name(run: Run, kind: Ref, index: Value, state: State) -> Value:
    """`Kind[name]`."""
    if isinstance(index, Constant):
        found = (members(kind, state) or {}).get(str(index.value))
        if found is None:
            raise Thrown(Outside("KeyError"))
        return found
    return anyone(run, kind, state)


def anyone(run: Run, kind: Value, state: State) -> Value:
    """One of the members, and which is not known."""
    run.risks += 1
    held = members(kind, state)
    return chosen(held.values()) if held else unknown(path="enum")


def mapping(run: Run, kind: Value, state: State) -> Value:
    """`Kind.__members__`."""
    found: dict[object, Value] = {(name,): one for name, one in (members(kind, state) or {}).items()}
    return run.new(DictObject(found), state)


def text(value: Value, state: State) -> Value | None:
    """The text of a member of an enumeration of texts, or of an instance of a class derived from `str`."""
    thing = state.object_of(value)
    if not isinstance(thing, Instance):
        return None
    lineage = [one.path for one in attributes.lineage(thing.kind, state) if isinstance(one, Outside)]
    if "enum.StrEnum" in lineage or ("str" in lineage and not KINDS.isdisjoint(lineage)):
        return thing.attributes.get("value")
    return dict(thing.arguments).get(0) if "str" in lineage else None
