"""The standard library's server: classes of handlers, each given one connection that is held in memory."""

from __future__ import annotations

import io
import types
import urllib.parse
from http.server import BaseHTTPRequestHandler
from socketserver import BaseServer
from typing import TYPE_CHECKING, Any

from inside import message
from inside.frameworks import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "http.server"
CONSTRUCTORS = ("BaseHTTPRequestHandler", "SimpleHTTPRequestHandler")
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD")
CLIENT = ("127.0.0.1", 50000)


def quiet() -> None:
    """A server that is started at import would never return."""
    BaseServer.serve_forever = lambda *_arguments, **_options: None  # type: ignore[method-assign]  # foreign code calls it


def is_application(thing: Any) -> bool:
    return (
        isinstance(thing, type)
        and issubclass(thing, BaseHTTPRequestHandler)
        and thing.__module__ != BaseHTTPRequestHandler.__module__
    )


def routes(application: Any) -> Iterator[Route]:
    """Each method of the class takes every path."""
    for method in METHODS:
        function = getattr(application, f"do_{method}", None)
        if function is not None:
            yield Route(function, "/{path}", [method], _path, ["path"])


def _path(values: dict[str, str]) -> str:
    return "/" + urllib.parse.quote(values.get("path", "1"), safe="/")


class _Connection:
    """What a handler takes for a socket: it reads the request and keeps what is sent."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.sent = b""

    def makefile(self, *_arguments: Any, **_options: Any) -> io.BytesIO:
        return io.BytesIO(self._request)

    def sendall(self, data: bytes) -> None:
        self.sent += bytes(data)

    def settimeout(self, _seconds: float | None) -> None:
        pass


def send(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    path, query, headers, body = message.encoded(request)
    target = f"{path}?{query}" if query else path
    lines = [f"{request['method']} {target} HTTP/1.0", f"Host: {message.HOST}"]
    lines.extend(f"{name}: {value}" for name, value in headers)
    connection = _Connection("\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + body)
    application(connection, CLIENT, types.SimpleNamespace(server_name=message.HOST, server_port=80))
    head, _, text = connection.sent.partition(b"\r\n\r\n")
    status, *given = head.decode("latin-1").split("\r\n")
    pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in given)]
    number = status.split(" ")[1] if status.count(" ") else "0"
    answer: dict[str, Any] = message.answered(int(number) if number.isdigit() else 0, pairs, text)
    return answer
