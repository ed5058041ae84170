"""What stands in the parameters of a function that is run from outside: what its framework gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, entries, options_given, routines, sources, typed
from stillwatch.codescan.engine.heap import DictObject, Instance, State
from stillwatch.codescan.engine.values import Outside, Ref, Routine, Value, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.finding import Entry, InputKind
    from stillwatch.codescan.models import EntryModel
    from stillwatch.codescan.syntax import nodes

KINDS: dict[str, InputKind] = {"model": "model", "arguments": "argument"}
UNKNOWN_REQUEST = "web.Request"


def given(
    run: Run, routine: Routine, entry: Entry | None, model: EntryModel | None, state: State
) -> Iterator[tuple[str, Value]]:
    """Parameters as the framework fills them."""
    parameters = list(routine.node.parameters)
    if routine.owner is not None and parameters and "staticmethod" not in routine.wrapped:
        yield parameters.pop(0).name, _self(run, routine, state)
    if model is None:
        yield from _of_unknown_framework(run, routine, parameters, state)
        return
    if model.parameters == "document" and parameters:
        first = parameters.pop(0)
        came: InputKind = model.kind or "body"
        yield first.name, sources.come_in(run, came, first.name, first.at, state, "json")
        return
    yield from _of_the_class(run, routine, parameters, model, state)
    if model.parameters == "request" and parameters and model.request is not None:
        yield parameters.pop(0).name, Outside(model.request)
    for parameter in parameters if model.parameters != "none" else ():
        if parameter.name in model.given or parameter.kind == "star":
            continue
        if parameter.kind == "double":
            yield from _by_keyword(run, parameter, model, state)
            continue
        value = _parameter(run, routine, parameter, entry, model, state)
        if value is not None:
            yield parameter.name, value


def _of_unknown_framework(
    run: Run, routine: Routine, parameters: Sequence[nodes.Parameter], state: State
) -> Iterator[tuple[str, Value]]:
    """A first parameter that is named or declared as a request."""
    for parameter in parameters[:1]:
        declared = (
            None if parameter.annotation is None else routines.annotation(run, parameter, routine, state)
        )
        known = isinstance(declared, Outside) and declared.path in run.project.models.types
        if (
            not known
            and parameter.kind not in {"star", "double"}
            and entries.unknown_request(parameter, declared)
        ):
            yield parameter.name, Outside(UNKNOWN_REQUEST)


def _of_the_class(
    run: Run, routine: Routine, parameters: Sequence[nodes.Parameter], model: EntryModel, state: State
) -> Iterator[tuple[str, Value]]:
    """Parameters that are instances of what an attribute of the handler's class holds."""
    for name, held in model.fills.items():
        kind = None if routine.owner is None else attributes.lookup(Ref(routine.owner), held, state)
        if kind is not None and any(one.name == name for one in parameters):
            yield name, run.project.instance(run, kind, state)


def _by_keyword(
    run: Run, parameter: nodes.Parameter, model: EntryModel, state: State
) -> Iterator[tuple[str, Value]]:
    """`**kwargs` of a handler: parts of the path, or what was typed."""
    if model.base is not None or model.parameters == "arguments":
        kind: InputKind = "argument" if model.parameters == "arguments" else "path"
        one = sources.come_in(run, kind, parameter.name, parameter.at, state)
        yield parameter.name, run.new(DictObject({}, one), state)


def _self(run: Run, routine: Routine, state: State) -> Value:
    kind = Ref(routine.owner or 0)
    return kind if "classmethod" in routine.wrapped else run.new(Instance(kind, {}), state)


def _parameter(
    run: Run,
    routine: Routine,
    parameter: nodes.Parameter,
    entry: Entry | None,
    model: EntryModel,
    state: State,
) -> Value | None:
    """A part of the route, or what a typed framework reads from the request for this parameter; None: as annotated."""
    route = (entry.route or "") if entry is not None else ""
    if entries.is_number(route, parameter.name):
        return unknown(path="int")
    if model.parameters == "arguments" and options_given.harmless(routine, parameter.name, state):
        return unknown(path="int")
    if model.parameters in {"typed", "model", "arguments"}:
        kind: InputKind | None = model.kind or KINDS.get(model.parameters)
        return typed.parameter(run, routine, parameter, route, kind, state)
    if parameter.annotation is not None and typed.harmless(parameter.annotation):
        return None
    if entries.fills_by_path(run.project, routine, entry, parameter.name):
        return sources.come_in(run, "path", parameter.name, parameter.at, state)
    return None
