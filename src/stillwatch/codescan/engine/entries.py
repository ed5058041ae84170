"""How frameworks reach functions: by decorators, by registration, as methods of class handlers, or by their request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes
from stillwatch.codescan.engine.dependence import AROUND, FRAMEWORKS
from stillwatch.codescan.engine.heap import ClassObject
from stillwatch.codescan.engine.values import Bound, Constant, Outside, Ref, Routine, Value, options
from stillwatch.codescan.finding import Entry
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.project import Project, Spawned
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.models import EntryModel

_VIEWS = re.compile(r"(^|[/_])views?(_|/|\.py$)")


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler that was handed to a framework by a call, and the file of that call."""

    framework: str
    model: EntryModel
    route: str | None
    path: str


def note(
    run: Run, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value], *, by_module: bool
) -> None:
    """A function outside was called: it may register a handler.

    What module code registers is known to all files, what a function registers to the file it is in.
    """
    for framework, model in run.project.models.registers.get(path, ()):
        if path.startswith("?") and not _imports(run.frames[0].module, framework):
            continue
        handler = _given(arguments, keywords, model.handler)
        route = _given(arguments, keywords, model.route)
        text = route.value if isinstance(route, Constant) and isinstance(route.value, str) else None
        for option in options(handler) if handler is not None else ():
            routine = option.function if isinstance(option, Bound) else option
            if not isinstance(routine, Routine):
                continue
            known = run.project.registered if by_module else run.project.registered_here
            if by_module:
                run.project.dependence.around(routine.module.path)
            if by_module or routine.module is run.frames[0].module:
                known.setdefault(
                    id(routine.node), Registered(framework, model, text, run.frames[0].module.path)
                )


def _given(
    arguments: Sequence[Value], keywords: Mapping[str, Value], places: Sequence[int | str]
) -> Value | None:
    for place in places:
        if isinstance(place, str) and place in keywords:
            return keywords[place]
        if isinstance(place, int) and place < len(arguments):
            return arguments[place]
    return None


def entry_of(project: Project, spawned: Spawned) -> tuple[Entry | None, EntryModel | None]:
    """How requests reach a function, if a framework sends any to it."""
    routine = spawned.routine
    for decorator in (one for each in spawned.decorators for one in options(each)):
        if not isinstance(decorator, Outside):
            continue
        path = decorator.path.removesuffix("()")
        for framework, model in project.models.entries:
            last = path.rpartition(".")[2]
            known = model.decorator is not None and path == model.decorator
            guessed = path.startswith("?") and last in model.unknown and _imports_its(routine.module, model)
            if known or guessed:
                return Entry(framework, routine.module.name, routine.name, *_route(decorator, model)), model
    project.touch(routine.module.path, AROUND)
    registered = project.registered.get(id(routine.node)) or project.registered_here.get(id(routine.node))
    if registered is not None:
        model = registered.model
        return Entry(registered.framework, routine.module.name, routine.name, registered.route), model
    return _class_entry(project, spawned)


def answers(spawned: Spawned, model: EntryModel) -> str:
    """What the handler's answer is sent as: as the framework does, unless the decorator names a class of answers."""
    for decorator in spawned.decorators:
        chosen = dict(decorator.arguments).get("response_class") if isinstance(decorator, Outside) else None
        if isinstance(chosen, Outside):
            return "html" if chosen.path.endswith(("HTMLResponse", ".Response")) else "text"
    return model.answers


def _imports(module: Module, framework: str) -> bool:
    return framework in module.imports


def _imports_its(module: Module, model: EntryModel) -> bool:
    """Whether the module imports the package a decorator is of."""
    return model.decorator is not None and model.decorator.partition(".")[0] in module.imports


def _route(decorator: Outside, model: EntryModel) -> tuple[str | None, tuple[str, ...]]:
    given = dict(decorator.arguments)
    route = given.get(0) or given.get("path") or given.get("rule")
    text = route.value if isinstance(route, Constant) and isinstance(route.value, str) else None
    return text, (model.method,) if model.method else ()


def _class_entry(project: Project, spawned: Spawned) -> tuple[Entry | None, EntryModel | None]:
    routine = spawned.routine
    state = spawned.state
    if routine.owner is None or not state.holds(routine.owner):
        return _plain_entry(project, spawned)
    if not isinstance(state.thing(routine.owner), ClassObject):
        return _plain_entry(project, spawned)
    method = routine.name.rpartition(".")[2]
    lineage = attributes.lineage(Ref(routine.owner), state)
    bases = [project.models.name(base.path) for base in lineage if isinstance(base, Outside)]
    for framework, model in project.models.entries:
        if model.base is not None and model.base in bases and method in model.handlers:
            return Entry(framework, routine.module.name, routine.name, None, (method.upper(),)), model
    return _plain_entry(project, spawned)


def _plain_entry(project: Project, spawned: Spawned) -> tuple[Entry | None, EntryModel | None]:
    """A function that takes a request first, where the framework passes it one (Django's views, aiohttp's handlers)."""
    routine = spawned.routine
    parameters = routine.node.parameters
    if isinstance(routine.node, nodes.Lambda):
        return None, None
    if routine.owner is not None and "staticmethod" not in routine.wrapped:
        parameters = parameters[1:]
    if not parameters:
        return None, None
    for framework, model in project.models.entries:
        if model.request is None or model.parameters != "request" or model.base is not None:
            continue
        if _takes(parameters[0], model.request) and _imports(routine.module, framework):
            return Entry(framework, routine.module.name, routine.name), model
    return None, None


def _takes(parameter: nodes.Parameter, request: str) -> bool:
    annotation = parameter.annotation
    if annotation is None:
        return parameter.name == "request"
    return getattr(annotation, "name", None) == request.rpartition(".")[2]


def fills_by_path(project: Project, routine: Routine, entry: Entry | None, parameter: str) -> bool:
    """Whether a parameter is a part of the request's path: the route says so, or the function is in a file of views.

    In a code base that registers its views by routes, a function that is not registered has none.
    """
    route = entry.route if entry is not None else None
    if route:
        return f":{parameter}>" in route or f"<{parameter}>" in route or f"{{{parameter}" in route
    project.touch(FRAMEWORKS, "")
    if entry is not None and any(one.framework == entry.framework for one in project.registered.values()):
        return False
    by_guess = entry is not None and not entry.methods and entry.framework != "flask"
    return not by_guess or _VIEWS.search(routine.module.path) is not None


def is_number(route: str, parameter: str) -> bool:
    """Whether the route lets only numbers (or ids of them) into a parameter."""
    if re.search(rf"<(int|float|uuid):{re.escape(parameter)}>", route):
        return True
    return re.search(rf"\(\?P<{re.escape(parameter)}>(\\d|\[0-9\])[+*]?(\{{[\d,]+\}})?\)", route) is not None
