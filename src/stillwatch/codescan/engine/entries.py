"""How frameworks reach functions: by decorators, by registration, as methods of class handlers, or by their request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes
from stillwatch.codescan.engine.dependence import AROUND, FRAMEWORKS
from stillwatch.codescan.engine.heap import ClassObject, Instance
from stillwatch.codescan.engine.values import Bound, Constant, Outside, Ref, Routine, Value, options
from stillwatch.codescan.finding import Entry
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.heap import State
    from stillwatch.codescan.engine.project import Project, Spawned
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.models import EntryModel

REQUESTS = frozenset({"request", "req"})
ROUTING = frozenset(
    {"get", "post", "put", "patch", "delete", "route", "websocket", "endpoint", "api_route", "view", "http"}
)
ANSWERS = frozenset(
    {"HttpResponse", "JsonResponse", "render", "redirect", "HttpResponseRedirect", "FileResponse"}
)
_VIEWS = re.compile(r"(^|[/_])views?(_|/|\.py$)")


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler that was handed to a framework by a call."""

    framework: str
    model: EntryModel
    route: str | None


def note(
    run: Run,
    path: str,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    *,
    by_module: bool,
) -> None:
    """A function outside was called: it may register a handler.

    What module code registers is known to all files, what a function registers to the file it is in.
    """
    for framework, model in run.project.models.registers.get(path, ()):
        if path.startswith("?") and not run.project.imports(run.frames[0].module, framework):
            continue
        handler = _given(arguments, keywords, model.handler)
        route = _given(arguments, keywords, model.route)
        text = route.value if isinstance(route, Constant) and isinstance(route.value, str) else None
        for option in options(handler) if handler is not None else ():
            routine = option.function if isinstance(option, Bound) else option
            if isinstance(routine, Ref):
                _note_methods(run, framework, model, text, routine, state, by_module=by_module)
            if isinstance(routine, Routine):
                _register(run, framework, model, text, routine, by_module=by_module)


def _register(
    run: Run, framework: str, model: EntryModel, route: str | None, handler: Routine, *, by_module: bool
) -> None:
    project, caller = run.project, run.frames[0].module
    registered = Registered(framework, model, route)
    if by_module:
        project.dependence.around(handler.module.path)
        project.registered.setdefault(id(handler.node), registered)
    elif handler.module is caller:
        project.registered_here.setdefault(id(handler.node), registered)


def _note_methods(
    run: Run,
    framework: str,
    model: EntryModel,
    route: str | None,
    handler: Ref,
    state: State,
    *,
    by_module: bool,
) -> None:
    """An object, or a class, was registered whose methods are handlers."""
    thing = state.thing(handler.address)
    kind = thing.kind if isinstance(thing, Instance) else handler
    for link in attributes.lineage(kind, state) if model.handlers else ():
        held = state.object_of(link)
        for name, value in held.attributes.items() if isinstance(held, ClassObject) else ():
            if isinstance(value, Routine) and _named(name, model.handlers):
                _register(run, framework, model, route, value, by_module=by_module)


def _named(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns) and not name.startswith("_" * 2)


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
            guessed = (
                path.startswith("?")
                and last in model.unknown
                and model.decorator is not None
                and project.imports(routine.module, model.decorator.partition(".")[0])
            )
            if known or guessed:
                return Entry(framework, routine.module.name, routine.name, *_route(decorator, model)), model
    guessed_route = _routed(spawned, project)
    if guessed_route is not None:
        return guessed_route
    project.touch(routine.module.path, AROUND)
    registered = project.registered.get(id(routine.node)) or project.registered_here.get(id(routine.node))
    if registered is not None:
        model = registered.model
        return Entry(registered.framework, routine.module.name, routine.name, registered.route), model
    return _class_entry(project, spawned)


def _routed(spawned: Spawned, project: Project) -> tuple[Entry, EntryModel] | None:
    """A handler of a framework that no model knows: its decorator is named for a method of HTTP and given a path."""
    routine = spawned.routine
    model = project.models.unknown_framework
    for decorator in routine.marks if model is not None else ():
        if not isinstance(decorator, Outside) or not decorator.path.endswith("()"):
            continue
        route, _ = _route(decorator, model) if model is not None else (None, ())
        if decorator.path.removesuffix("()").rpartition(".")[2] in ROUTING and (route or "").startswith("/"):
            assert model is not None
            return Entry("web", routine.module.name, routine.name, route), model
    return None


def answers(spawned: Spawned, model: EntryModel) -> str:
    """What the handler's answer is sent as: as the framework does, unless the decorator names a class of answers."""
    for decorator in spawned.decorators:
        chosen = dict(decorator.arguments).get("response_class") if isinstance(decorator, Outside) else None
        if isinstance(chosen, Outside):
            return "html" if chosen.path.endswith(("HTMLResponse", ".Response")) else "text"
    return model.answers


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
        if model.base is None or not _named(method, model.handlers):
            continue
        if model.base in bases or ("*" in model.base and any(fnmatchcase(one, model.base) for one in bases)):
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
    names = tuple(parameter.name for parameter in parameters)
    for framework, model in project.models.entries:
        if model.signature and names == model.signature:
            return Entry(framework, routine.module.name, routine.name), model
        if model.request is None or model.parameters != "request" or model.base is not None:
            continue
        if model.signature:
            continue
        if _takes(parameters[0], model.request) and (
            project.imports(routine.module, framework) or _is_middleware(spawned, framework)
        ):
            return Entry(framework, routine.module.name, routine.name), model
    return None, None


def unknown_request(parameter: nodes.Parameter, value: Value | None) -> bool:
    """Whether a parameter is a request of a framework that no model knows, as it is named or declared."""
    if parameter.annotation is None:
        return parameter.name in REQUESTS
    return isinstance(value, Outside) and value.path.rpartition(".")[2] in {"Request", "HttpRequest"}


def _takes(parameter: nodes.Parameter, request: str) -> bool:
    annotation = parameter.annotation
    if annotation is None:
        return parameter.name in REQUESTS
    return getattr(annotation, "name", None) == request.rpartition(".")[2]


def _is_middleware(spawned: Spawned, framework: str) -> bool:
    """Django's middleware: a class that is made with `get_response` and called with a request."""
    routine, state = spawned.routine, spawned.state
    if framework != "django" or routine.owner is None or not state.holds(routine.owner):
        return False
    if not routine.name.endswith((".__call__", ".process_request", ".process_view")):
        return False
    start = attributes.lookup(Ref(routine.owner), "__init__", state)
    return isinstance(start, Routine) and any(
        parameter.name == "get_response" for parameter in start.node.parameters
    )


def fills_by_path(project: Project, routine: Routine, entry: Entry | None, parameter: str) -> bool:
    """Whether a parameter is a part of the request's path: the route says so, or the function is in a file of views.

    In a code base that registers its views by routes, a function that is not registered has none.
    """
    route = entry.route if entry is not None else None
    if route:
        return any(
            part in route for part in (f":{parameter}>", f"<{parameter}>", f"<{parameter}:", f"{{{parameter}")
        )
    project.touch(FRAMEWORKS, "")
    if entry is not None and any(one.framework == entry.framework for one in project.registered.values()):
        return False
    by_guess = entry is not None and not entry.methods and entry.framework != "flask"
    return not by_guess or _VIEWS.search(routine.module.path) is not None or _answers(routine)


def _answers(routine: Routine) -> bool:
    """Whether a function gives back an answer to a request, as a view does."""
    node = routine.node
    todo: list[nodes.Statement] = list(node.body) if isinstance(node, nodes.Function) else []
    while todo:
        one = todo.pop()
        called = (
            one.value.function
            if isinstance(one, nodes.Return) and isinstance(one.value, nodes.Call)
            else None
        )
        if getattr(called, "name", "") in ANSWERS:
            return True
        for part in ("body", "otherwise", "last"):
            inner = getattr(one, part, ())
            todo.extend(inner if isinstance(inner, tuple) else ())
    return False


def is_number(route: str, parameter: str) -> bool:
    """Whether the route lets only numbers (or ids of them) into a parameter."""
    name = re.escape(parameter)
    if re.search(rf"<(int|float|uuid):{name}>|<{name}:(int|float)>|\{{{name}:(int|float|uuid)\}}", route):
        return True
    return re.search(rf"\(\?P<{re.escape(parameter)}>(\\d|\[0-9\])[+*]?(\{{[\d,]+\}})?\)", route) is not None
