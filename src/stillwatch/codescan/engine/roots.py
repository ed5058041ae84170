"""Where analysis starts: module code, handlers of requests, and every other function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import (  # noqa: F401 - each brings its part of the interpreter
    attributes,
    branches,
    calls,
    displays,
    entries,
    names,
    operators,
    parameters,
    routines,
    sources,
    standing,
    typed,
)
from stillwatch.codescan.engine.heap import Scope, State
from stillwatch.codescan.engine.project import Project, Spawned
from stillwatch.codescan.engine.run import Frame, Run, Spent, Thrown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.heap import Thing
    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.payloads import Following
    from stillwatch.codescan.engine.sinks import Candidate
    from stillwatch.codescan.engine.values import Routine, Value

NESTED_LIMIT = 6  # levels of functions in functions that are roots of their own


def candidates(project: Project, module: Module) -> list[Candidate]:
    """What looks weak in the code of a module, from its own functions on."""
    project.ensure(module)
    todo = [(spawned, 0) for spawned in project.spawned.get(module.path, ())]
    seen: dict[int, tuple[Spawned, int]] = {}
    late: set[int] = set()
    left: list[tuple[Spawned, standing.Left]] = []
    readers: dict[int, standing.Reader] = {}
    while todo:
        spawned, depth = todo.pop(0)
        node = id(spawned.routine.node)
        if node in seen and node not in late:
            continue
        late.discard(node)
        seen[node] = spawned, depth
        known = project.registered_here.keys() | set()
        with project.dependence.apart() as touched:
            run, state = start(project, spawned, None)
        readers[node] = standing.Reader(spawned, touched, run.steps)
        things = standing.left_by(project, state)
        if things:
            left.append((spawned, things))
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
    project.candidates.extend(standing.candidates(project, readers.values(), left))
    return project.candidates


def start(
    project: Project, spawned: Spawned, following: Following | None, left: Mapping[int, Thing] | None = None
) -> tuple[Run, State]:
    """Run one function from outside: with what its framework gives it, or with what its annotations say.

    `left` is what other functions left behind.
    """
    run = Run(project, following)
    run.root = spawned
    routine = spawned.routine
    state = State(spawned.state.base, {**spawned.state.own, **(left or {})}, routine.scope)
    entry, model = entries.entry_of(project, spawned)
    run.entry, run.answers = entry, "" if model is None else entries.answers(spawned, model)
    try:
        with run.inside(Frame(routine.module, routine)) as frame:
            given = list(parameters.given(run, routine, entry, model, state))
            scope = run.new(_scope(run, routine, given, state), state)
            state.scope = scope.address
            ended = routines.body(run, routine.node, state, frame)
            ends = [taken for _, taken in frame.returns]
            ends.extend((state.copy(),) if ended and ends else ())
            run.ended = ended or bool(ends)
    except (Spent, RecursionError) as error:
        project.cut(routine.module, routine, error)
        ends = []
    except Thrown:
        ends = []
    return run, routines.after(state, ends)


def _scope(run: Run, routine: Routine, given: Sequence[tuple[str, Value]], state: State) -> Scope:
    collecting = {one.name for one in routine.node.parameters if one.kind in {"star", "double"}}
    plain = {name: value for name, value in given if name not in collecting}
    variables = routines.bound_parameters(run, routine, [], plain, None, state)
    variables.update({name: value for name, value in given if name in collecting})
    return Scope("call", variables, routine.scope, routine.module)
