"""A request, and the two ways it is handed to an application without a server: WSGI and ASGI."""

from __future__ import annotations

import asyncio
import io
import json
import urllib.parse
from typing import Any

HOST = "localhost"
BODY_LIMIT = 200_000
BOUNDARY = "stillwatch-boundary"


def encoded(request: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]], bytes]:
    """Path as sent, query, headers, body."""
    query = urllib.parse.urlencode([tuple(pair) for pair in request.get("query", [])])
    headers = [(name, _header(value)) for name, value in request.get("headers", [])]
    if request.get("cookies"):
        pairs = "; ".join(f"{name}={cookie(value)}" for name, value in request["cookies"])
        headers.append(("Cookie", pairs))
    body, kind = _body(request)
    if kind:
        headers.append(("Content-Type", kind))
    if body:
        headers.append(("Content-Length", str(len(body))))
    return urllib.parse.quote(request["path"], safe="/%:@!$&'()*+,;=~-._"), query, headers, body


def _header(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def cookie(value: str) -> str:
    """As a browser holds it: what would end the value is quoted the way Python's cookies are."""
    if not any(letter in value for letter in ' ",;\\\r\n'):
        return value
    letters = []
    for letter in value:
        if letter in '"\\':
            letters.append("\\" + letter)
        elif letter in ",; \r\n":
            letters.append(f"\\{ord(letter):03o}")
        else:
            letters.append(letter)
    return '"' + "".join(letters) + '"'


def _body(request: dict[str, Any]) -> tuple[bytes, str]:
    if request.get("files"):
        return _multipart(request), f"multipart/form-data; boundary={BOUNDARY}"
    if request.get("json") is not None:
        return json.dumps(request["json"]).encode(), "application/json"
    if request.get("body") is not None:
        return request["body"].encode(), "application/octet-stream"
    if request.get("form"):
        return urllib.parse.urlencode(
            [tuple(pair) for pair in request["form"]]
        ).encode(), "application/x-www-form-urlencoded"
    return b"", ""


def _multipart(request: dict[str, Any]) -> bytes:
    parts = []
    for name, value in request.get("form", []):
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n')
    for name, text in request["files"]:
        filename = text if text.isprintable() else "upload"  # what is no name is the content alone
        quoted = filename.replace("\\", "\\\\").replace('"', '\\"')
        head = f'Content-Disposition: form-data; name="{name}"; filename="{quoted}"'
        parts.append(f"--{BOUNDARY}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n{text}\r\n")
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def answered(status: int, headers: list[tuple[str, str]], body: bytes) -> dict[str, Any]:
    return {"status": status, "headers": headers, "body": body[:BODY_LIMIT].decode("utf-8", "replace")}


def by_wsgi(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    path, query, headers, body = encoded(request)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": urllib.parse.unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value.encode().decode(
            "latin-1"
        )
    started: list[Any] = []

    def start_response(status: str, given: list[tuple[str, str]], _error: Any = None) -> Any:
        started[:] = [int(status.split(" ", 1)[0]), given]
        return lambda _data: None

    parts = application(environ, start_response)
    try:
        whole = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return answered(started[0], started[1], whole)


def by_asgi(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    return asyncio.run(_asgi(application, request))


async def _asgi(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    path, query, headers, body = encoded(request)
    raw = [(b"host", HOST.encode()), *((name.lower().encode(), value.encode()) for name, value in headers)]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request["method"],
        "scheme": "http",
        "path": urllib.parse.unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": raw,
        "client": ("127.0.0.1", 50000),
        "server": (HOST, 80),
        "state": {},
    }
    sent = iter([{"type": "http.request", "body": body, "more_body": False}])
    status, given, parts = 500, [], []

    async def receive() -> dict[str, Any]:
        for message in sent:
            return message
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, given
        if message["type"] == "http.response.start":
            status, given = message["status"], message.get("headers", [])
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await application(scope, receive, send)
    named = [(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in given]
    return answered(status, named, b"".join(parts))
