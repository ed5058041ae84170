"""Starlette and FastAPI: applications and the routers they hold."""

from __future__ import annotations

import sys
import urllib.parse
from typing import TYPE_CHECKING, Any

from inside import message
from inside.frameworks import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "starlette"
CONSTRUCTORS = ("FastAPI(", "Starlette(")


def quiet() -> None:
    import starlette.applications  # noqa: F401, PLC0415 - of the interpreter of the code base, which may have none

    server = sys.modules.get("uvicorn")
    if server is not None:
        server.run = lambda *_arguments, **_options: None  # type: ignore[attr-defined]  # it would never return


def is_application(thing: Any) -> bool:
    framework = sys.modules.get("starlette.applications")
    return framework is not None and isinstance(thing, framework.Starlette)


def routes(application: Any) -> Iterator[Route]:
    yield from _within(application.routes, "")


def _within(routes: Any, prefix: str) -> Iterator[Route]:
    for route in routes:
        pattern = prefix + getattr(route, "path", "")
        if hasattr(route, "endpoint"):
            for function, methods in _functions(route):
                variables = sorted(getattr(route, "param_convertors", {}))
                yield Route(function, pattern, methods, _builder(route, prefix), variables)
        elif hasattr(route, "original_router"):  # what newer versions of FastAPI keep of an included router
            included = getattr(getattr(route, "include_context", None), "prefix", "")
            yield from _within(route.original_router.routes, prefix + included)
        elif getattr(route, "routes", None):
            yield from _within(route.routes, pattern)


def _functions(route: Any) -> Iterator[tuple[Any, list[str]]]:
    methods = sorted(getattr(route, "methods", None) or ("GET",))
    if isinstance(route.endpoint, type):
        for method in ("get", "post", "put", "delete", "patch"):
            if hasattr(route.endpoint, method):
                yield getattr(route.endpoint, method), [method.upper()]
        return
    yield route.endpoint, methods


def _builder(route: Any, prefix: str) -> Any:
    def path(values: dict[str, str]) -> str | None:
        built = f"{prefix}{route.path_format}"
        for name, convertor in route.param_convertors.items():
            value = values.get(name, "1")
            slashes = "/" if convertor.regex == ".*" else ""
            built = built.replace(f"{{{name}}}", urllib.parse.quote(value, safe=slashes))
        return built

    return path


def send(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = message.by_asgi(application, request)
    return answer
