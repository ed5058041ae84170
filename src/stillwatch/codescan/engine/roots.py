"""Where analysis starts: module code, handlers of requests, and every other function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import (  # noqa: F401 - each brings its part of the interpreter
    branches,
    calls,
    displays,
    names,
    operators,
    routines,
    sources,
)
from stillwatch.codescan.engine.heap import ClassObject, Instance, Scope, State
from stillwatch.codescan.engine.project import Project, Spawned
from stillwatch.codescan.engine.run import Frame, Run, Spent, Thrown
from stillwatch.codescan.engine.values import Constant, Outside, Ref, Routine, Value, unknown
from stillwatch.codescan.finding import Entry
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.payloads import Following
    from stillwatch.codescan.engine.sinks import Candidate
    from stillwatch.codescan.finding import InputKind
    from stillwatch.codescan.models import EntryModel

NESTED_LIMIT = 6  # levels of functions in functions that are roots of their own


def candidates(project: Project, module: Module) -> list[Candidate]:
    """What looks weak in the code of a module, from its own functions on."""
    project.ensure(module)
    todo = [(spawned, 0) for spawned in project.spawned.get(module.path, ())]
    seen: set[int] = set()
    while todo:
        spawned, depth = todo.pop(0)
        if id(spawned.routine.node) in seen:
            continue
        seen.add(id(spawned.routine.node))
        run, state = start(project, spawned, None)
        project.candidates.extend(run.candidates)
        project.called |= run.called
        if depth < NESTED_LIMIT:
            inner = (
                Spawned(routine, decorators, state if state.holds(routine.scope) else met)
                for routine, decorators, met in run.spawned
            )
            todo.extend((one, depth + 1) for one in inner if one.routine.module is module)
    return project.candidates


def start(project: Project, spawned: Spawned, following: Following | None) -> tuple[Run, State]:
    """Run one function from outside: with what its framework gives it, or with what its annotations say."""
    run = Run(project, following)
    run.root = spawned
    routine = spawned.routine
    state = State(spawned.state.base, spawned.state.own.copy(), routine.scope)
    entry, model = entry_of(project, spawned)
    run.entry, run.answers = entry, "" if model is None else model.answers
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


def entry_of(project: Project, spawned: Spawned) -> tuple[Entry | None, EntryModel | None]:
    """How requests reach a function, if a framework sends any to it."""
    routine = spawned.routine
    name = routine.name
    for decorator in spawned.decorators:
        if not isinstance(decorator, Outside):
            continue
        path = decorator.path.removesuffix("()")
        for framework, model in project.models.entries:
            last = path.rpartition(".")[2]
            known = model.decorator is not None and path == model.decorator
            guessed = path.startswith("?") and last in model.unknown and _imports(routine.module, framework)
            if known or guessed:
                return Entry(framework, routine.module.name, name, *_route(decorator, model)), model
    return _class_entry(project, spawned)


def _imports(module: Module, framework: str) -> bool:
    return framework in module.imports


def _route(decorator: Outside, model: EntryModel) -> tuple[str | None, tuple[str, ...]]:
    given = dict(decorator.arguments)
    route = given.get(0) or given.get("path") or given.get("rule")
    text = route.value if isinstance(route, Constant) and isinstance(route.value, str) else None
    return text, (model.method,) if model.method else ()


def _class_entry(project: Project, spawned: Spawned) -> tuple[Entry | None, EntryModel | None]:
    routine = spawned.routine
    owner = (
        None
        if routine.owner is None
        else spawned.state.base.get(routine.owner) or spawned.state.own.get(routine.owner)
    )
    if not isinstance(owner, ClassObject):
        return _plain_entry(project, spawned)
    method = routine.name.rpartition(".")[2]
    bases = [base.path for base in owner.bases if isinstance(base, Outside)]
    for framework, model in project.models.entries:
        if model.base is not None and model.base in bases and method in model.handlers:
            return Entry(framework, routine.module.name, routine.name, None, (method.upper(),)), model
    return None, None


def _plain_entry(project: Project, spawned: Spawned) -> tuple[Entry | None, EntryModel | None]:
    """A function that takes a request first, where the framework passes it one (Django's views, aiohttp's handlers)."""
    routine = spawned.routine
    parameters = routine.node.parameters
    if not parameters or isinstance(routine.node, nodes.Lambda):
        return None, None
    first = parameters[0]
    for framework, model in project.models.entries:
        if model.request is None or model.parameters != "request" or model.base is not None:
            continue
        if first.annotation is None and first.name == "request" and _imports(routine.module, framework):
            return Entry(framework, routine.module.name, routine.name), model
    return None, None


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
    if model.parameters in {"path", "request", "typed"}:
        for parameter in parameters:
            if parameter.kind in {"star", "double"}:
                continue
            value = _parameter(run, routine, parameter, entry, model, state)
            if value is not None:
                yield parameter.name, value


def _self(run: Run, routine: Routine, state: State) -> Value:
    kind = Ref(routine.owner or 0)
    return kind if "classmethod" in routine.wrapped else run.new(Instance(kind, {}), state)


HARMLESS = frozenset(
    {"int", "float", "bool", "uuid.UUID", "datetime.date", "datetime.datetime", "decimal.Decimal"}
)


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
    if (
        f"<int:{parameter.name}>" in route
        or f"<float:{parameter.name}>" in route
        or f"<uuid:{parameter.name}>" in route
    ):
        return unknown(path="int")
    typed = None if parameter.annotation is None else routines.annotated(run, parameter, routine, state)
    if model.parameters != "typed":
        in_route = not route or f":{parameter.name}>" in route or f"<{parameter.name}>" in route
        return sources.come_in(run, "path", parameter.name, parameter.at) if in_route else None
    if isinstance(typed, Outside) and (typed.path in HARMLESS or typed.path in run.project.models.requests):
        return None
    if parameter.default is not None and isinstance(parameter.default, nodes.Call):
        called = parameter.default.function
        name = getattr(called, "name", "")
        if name == "Depends":
            return None
    if isinstance(typed, Ref):
        return sources.come_in(run, "body", parameter.name, parameter.at)
    kind: InputKind = "path" if f"{{{parameter.name}" in route else "query"
    return sources.come_in(run, kind, parameter.name, parameter.at)
