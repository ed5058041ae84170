"""Where analysis starts: module code, handlers of requests, and every other function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import (  # noqa: F401 - each brings its part of the interpreter
    branches,
    calls,
    displays,
    entries,
    names,
    operators,
    routines,
    sources,
    typed,
)
from stillwatch.codescan.engine.heap import Instance, Scope, State
from stillwatch.codescan.engine.project import Project, Spawned
from stillwatch.codescan.engine.run import Frame, Run, Spent, Thrown
from stillwatch.codescan.engine.values import Outside, Ref, Routine, Value, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.payloads import Following
    from stillwatch.codescan.engine.sinks import Candidate
    from stillwatch.codescan.finding import Entry, InputKind
    from stillwatch.codescan.models import EntryModel
    from stillwatch.codescan.syntax import nodes

NESTED_LIMIT = 6  # levels of functions in functions that are roots of their own


def candidates(project: Project, module: Module) -> list[Candidate]:
    """What looks weak in the code of a module, from its own functions on."""
    project.ensure(module)
    todo = [(spawned, 0) for spawned in project.spawned.get(module.path, ())]
    seen: dict[int, tuple[Spawned, int]] = {}
    late: set[int] = set()
    while todo:
        spawned, depth = todo.pop(0)
        node = id(spawned.routine.node)
        if node in seen and node not in late:
            continue
        late.discard(node)
        seen[node] = spawned, depth
        known = project.registered_here.keys() | set()
        run, state = start(project, spawned, None)
        project.candidates.extend(run.candidates)
        project.frugal += run.thrifty
        project.handlers += run.entry is not None
        if depth < NESTED_LIMIT:
            inner = (
                Spawned(routine, decorators, state if state.holds(routine.scope) else met)
                for routine, decorators, met in run.spawned
            )
            todo.extend((one, depth + 1) for one in inner if one.routine.module is module)
        for node in (
            project.registered_here.keys() - known
        ):  # handlers that were run before they were known to be
            if node in seen:
                late.add(node)
                todo.append(seen[node])
    return project.candidates


def start(project: Project, spawned: Spawned, following: Following | None) -> tuple[Run, State]:
    """Run one function from outside: with what its framework gives it, or with what its annotations say."""
    run = Run(project, following)
    run.root = spawned
    routine = spawned.routine
    state = State(spawned.state.base, spawned.state.own.copy(), routine.scope)
    entry, model = entries.entry_of(project, spawned)
    run.entry, run.answers = entry, "" if model is None else entries.answers(spawned, model)
    try:
        with run.inside(Frame(routine.module, routine)) as frame:
            given = list(_given(run, routine, entry, model, state))
            scope = run.new(_scope(run, routine, given, state), state)
            state.scope = scope.address
            routines.body(run, routine.node, state, frame)
            ends = [taken for _, taken in frame.returns]
    except (Spent, RecursionError) as error:
        project.cut(routine.module, routine, error)
        ends = []
    except Thrown:
        ends = []
    return run, routines.after(state, ends)


def _scope(run: Run, routine: Routine, given: Sequence[tuple[str, Value]], state: State) -> Scope:
    variables = routines.bound_parameters(run, routine, [], dict(given), None, state)
    return Scope("call", variables, routine.scope, routine.module)


def _given(
    run: Run, routine: Routine, entry: Entry | None, model: EntryModel | None, state: State
) -> Iterator[tuple[str, Value]]:
    """Parameters as the framework fills them."""
    parameters = list(routine.node.parameters)
    if routine.owner is not None and parameters and "staticmethod" not in routine.wrapped:
        yield parameters.pop(0).name, _self(run, routine, state)
    if model is None:
        return
    if model.parameters == "request" and parameters and model.request is not None:
        yield parameters.pop(0).name, Outside(model.request)
    for parameter in parameters if model.parameters != "none" else ():
        if parameter.kind in {"star", "double"}:
            continue
        value = _parameter(run, routine, parameter, entry, model, state)
        if value is not None:
            yield parameter.name, value


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
    if model.parameters in {"typed", "model"}:
        kind: InputKind | None = "model" if model.parameters == "model" else None
        return typed.parameter(run, routine, parameter, route, kind, state)
    if parameter.annotation is not None and typed.harmless(parameter.annotation):
        return None
    if entries.fills_by_path(run.project, routine, entry, parameter.name):
        return sources.come_in(run, "path", parameter.name, parameter.at, state)
    return None
