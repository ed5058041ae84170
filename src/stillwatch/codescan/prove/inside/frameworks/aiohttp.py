"""aiohttp: applications, asked through its own test client on the loopback of the walls."""

from __future__ import annotations

import asyncio
import sys
import urllib.parse
from typing import TYPE_CHECKING, Any

from inside import message
from inside.frameworks import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "aiohttp"
CONSTRUCTORS = ("web.Application(", "Application(")


def quiet() -> None:
    from aiohttp import web  # noqa: PLC0415 - of the interpreter of the code base, which may have none

    web.run_app = lambda *_arguments, **_options: None  # a server started at import would never return


def is_application(thing: Any) -> bool:
    web = sys.modules.get("aiohttp.web")
    return web is not None and isinstance(thing, web.Application)


def routes(application: Any) -> Iterator[Route]:
    for route in application.router.routes():
        resource = route.resource
        if resource is None:
            continue
        pattern = resource.canonical
        variables = [part.split(":")[0] for part in pattern.replace("}", "{").split("{")[1::2]]
        for function, methods in _functions(route):
            yield Route(function, pattern, methods, _builder(pattern, variables), variables)


def _functions(route: Any) -> Iterator[tuple[Any, list[str]]]:
    methods = ["GET", "POST"] if route.method == "*" else [route.method]
    if not isinstance(route.handler, type):
        yield route.handler, methods
        return
    for method in ("get", "post", "put", "delete", "patch"):
        if hasattr(route.handler, method):
            yield getattr(route.handler, method), [method.upper()]


def _builder(pattern: str, variables: list[str]) -> Any:
    def path(values: dict[str, str]) -> str | None:
        built = pattern
        for name in variables:
            built = built.replace(f"{{{name}}}", urllib.parse.quote(values.get(name, "1"), safe=""))
        return built

    return path


_loops: list[asyncio.AbstractEventLoop] = []
_clients: dict[int, Any] = {}


def send(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Ask the application's one server: it belongs to one loop for as long as it lives."""
    if not _loops:
        _loops.append(asyncio.new_event_loop())
    return _loops[0].run_until_complete(_sent(application, request))


async def _sent(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    from aiohttp.test_utils import TestClient, TestServer  # noqa: PLC0415 - as above

    if id(application) not in _clients:
        _clients[id(application)] = TestClient(TestServer(application))
        await _clients[id(application)].start_server()
    path, query, headers, body = message.encoded(request)
    loose = [(name, value) for name, value in headers if name != "Content-Length"]
    target = f"{path}?{query}" if query else path
    sent = {"headers": loose, "data": body or None, "allow_redirects": False}
    async with _clients[id(application)].request(request["method"], target, **sent) as response:
        given = [(str(name), str(value)) for name, value in response.headers.items()]
        answer: dict[str, Any] = message.answered(response.status, given, await response.read())
        return answer
