"""Flask: applications, blueprints, and functions that are given an application to add to."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

from inside import message
from inside.frameworks import Route

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

NAME = "flask"
CONSTRUCTORS = ("Flask(",)
APPLICATION_NAMES = frozenset({"app", "application", "flask_app"})


def _flask() -> Any:
    return sys.modules.get("flask")


def quiet() -> None:
    import flask  # noqa: PLC0415 - of the interpreter of the code base, which may have none

    flask.Flask.run = lambda *_arguments, **_options: None  # a server started at import would never return


def is_application(thing: Any) -> bool:
    flask = _flask()
    return flask is not None and isinstance(thing, flask.Flask)


def routes(application: Any) -> Iterator[Route]:
    for rule in application.url_map.iter_rules():
        view = application.view_functions.get(rule.endpoint)
        methods = sorted(rule.methods or ())
        for function, allowed in _functions(view, methods):
            yield Route(function, rule.rule, allowed, _builder(rule), sorted(rule.arguments))


def _functions(view: Any, methods: list[str]) -> Iterator[tuple[Any, list[str]]]:
    owner = getattr(view, "view_class", None)
    if owner is None:
        yield view, methods
        return
    for method in methods:
        if hasattr(owner, method.lower()):
            yield getattr(owner, method.lower()), [method]
    yield owner.dispatch_request, methods


def _builder(rule: Any) -> Any:
    def path(values: dict[str, str]) -> str | None:
        given: dict[str, Any] = {}
        for name in rule.arguments:
            value = values.get(name, "1")
            try:
                given[name] = rule._converters[name].to_python(value)  # noqa: SLF001 - the way it reads a path
            except Exception:  # noqa: BLE001 - a converter of the code base; a value it refuses never gets there
                return None
        try:
            built: str = rule.build(given, append_unknown=False)[1]
        except Exception:  # noqa: BLE001 - as above; None where it cannot be built
            return None
        return built

    return path


def send(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = message.by_wsgi(application, request)
    return answer


def bare(module: ModuleType) -> Iterator[Any]:
    """An application of our own around what the module has: its blueprints, or its function that takes an application."""
    flask = _flask()
    if flask is None:
        return
    blueprints = [thing for thing in vars(module).values() if isinstance(thing, flask.Blueprint)]
    takers = [thing for thing in vars(module).values() if _takes_application(thing, module)]
    if not blueprints and not takers:
        return
    application = flask.Flask(module.__name__, root_path=None if getattr(module, "__file__", None) else "/")
    application.secret_key = "of the proof"  # noqa: S105 - nothing is signed with it that anyone keeps
    for blueprint in blueprints:
        application.register_blueprint(blueprint)
    for taker in takers:
        taker(application)
    yield application


def _takes_application(thing: Any, module: ModuleType) -> bool:
    if not inspect.isfunction(thing) or thing.__module__ != module.__name__:
        return False
    needed = [one for one in inspect.signature(thing).parameters.values() if one.default is one.empty]
    return len(needed) == 1 and needed[0].name in APPLICATION_NAMES
