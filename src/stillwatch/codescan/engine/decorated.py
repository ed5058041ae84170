"""Functions that other functions belong to: setters of properties, and the alternatives of `functools.singledispatch`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stillwatch.codescan.engine.values import Outside, Partial, Routine, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.heap import State
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

DISPATCHED = frozenset({"functools.singledispatch", "functools.singledispatchmethod"})
PROPERTIES = frozenset({"property", "functools.cached_property", "werkzeug.utils.cached_property"})


def attribute(routine: Routine, name: str) -> Value | None:
    """An attribute of a decorated function that is a decorator itself; None of others."""
    if name in {"setter", "deleter", "getter"} and not PROPERTIES.isdisjoint(routine.wrapped):
        return Partial(Outside(f"property.{name}"), (routine,), ())
    if name == "register" and not DISPATCHED.isdisjoint(routine.wrapped):
        return Partial(Outside("functools.singledispatch.register"), (routine,), ())
    return None


def _property(
    _run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    _state: State,
    _at: nodes.At,
) -> Value | None:
    getter = arguments[0] if arguments else keywords.get("fget")
    setter = arguments[1] if len(arguments) > 1 else keywords.get("fset")
    if not isinstance(getter, Routine):
        return None
    held = setter if isinstance(setter, Routine) else None
    return replace(getter, wrapped=(*getter.wrapped, "property"), setter=held)


def _with_setter(
    _run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    _state: State,
    _at: nodes.At,
) -> Value | None:
    match arguments:
        case [Routine() as getter, Routine() as setter]:
            return replace(getter, setter=setter)
    return None


def _registered(
    run: Run,
    function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    _state: State,
    _at: nodes.At,
) -> Value | None:
    match arguments:
        case [Routine() as general, *_, Routine() as special]:
            project = run.project
            lasting = (
                general.scope in project.base
            )  # what a function registered there would depend on the order of roots
            if not lasting or project.dependence.in_module_code:
                project.dependence.changes(general.module.path)
                general.others.append(special)
            return special
        case [Routine(), _]:
            return Partial(function, tuple(arguments), ())
    return None


SPECIAL = {
    "property": _property,
    "property.setter": _with_setter,
    "property.deleter": lambda _run, _f, arguments, _k, _state, _at: arguments[0],
    "property.getter": lambda _run, _f, arguments, _k, _state, _at: arguments[0],
    "functools.singledispatch.register": _registered,
}
