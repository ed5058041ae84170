"""How a proof of concept asks an application: with its framework's own test client, and a request in that client's words."""

from __future__ import annotations

import json
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stillwatch.codescan.prove.inside import message

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Client:
    """A test client. `send` is the text of a function of the test, `body` and `cookies` are read from its answer.

    `raw` and `query` are the client's names for a body as it is and for the query.
    """

    send: str
    body: str
    cookies: str
    raw: str = "data"
    query: str = "params"


_IMPORTED = """
def send(method, path, **options):
    from {module} import {name}

    application = {made}
"""
_DJANGO = """
def send(method, path, headers=None, data="", content_type="application/octet-stream", query=""):
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", {settings!r})
    import django
    from django.test import Client

    django.setup()
    given = {{"HTTP_" + name.upper().replace("-", "_"): value for name, value in (headers or {{}}).items()}}
    given.update(QUERY_STRING=query, SERVER_NAME="localhost")
    return Client(raise_request_exception=False).generic(method, path, data, content_type, **given)
"""
_AIOHTTP = """
import asyncio
import atexit
import builtins
from types import SimpleNamespace

if not hasattr(builtins, "stillwatch_loop"):  # an application belongs to one loop, whichever proof asks it
    builtins.stillwatch_loop, builtins.stillwatch_clients = asyncio.new_event_loop(), {{}}


def send(method, path, **options):
    from {module} import {name}

    return builtins.stillwatch_loop.run_until_complete(asked({made}, method, path, options))


async def asked(application, method, path, options):
    from aiohttp.test_utils import TestClient, TestServer

    client = builtins.stillwatch_clients.get(application)
    if client is None:
        client = builtins.stillwatch_clients[application] = TestClient(TestServer(application))
        await client.start_server()
        atexit.register(lambda: builtins.stillwatch_loop.run_until_complete(client.close()))
    response = await client.request(method, path, allow_redirects=False, **options)
    return SimpleNamespace(headers=response.headers, text=await response.text(errors="replace"))
"""
CLIENTS = {
    "flask": Client(
        _IMPORTED
        + "    return application.test_client(use_cookies=False).open(path, method=method, **options)\n",
        "answer().get_data(as_text=True)",
        'answer().headers.getlist("Set-Cookie")',
        query="query_string",
    ),
    "starlette": Client(
        _IMPORTED
        + "    from starlette.testclient import TestClient\n\n"
        + "    return TestClient(application, follow_redirects=False).request(method, path, **options)\n",
        "answer().text",
        'answer().headers.get_list("set-cookie")',
        raw="content",
    ),
    "aiohttp": Client(
        _AIOHTTP,
        "answer().text",
        'answer().headers.getall("Set-Cookie", [])',
    ),
    "django": Client(
        _DJANGO,
        'b"".join(answer()).decode("utf-8", "replace")',
        "[one.OutputString() for one in answer().cookies.values()]",
    ),
}


def reaches(found: Mapping[str, Any]) -> bool:
    """Whether a test can get at the application by itself: by a name, or by its settings."""
    if found["framework"] == "django":
        return bool(found["settings"])
    named = [*found["module"].split("."), found["name"]]
    return found["framework"] in CLIENTS and all(part.isidentifier() for part in named)


def sending(found: Mapping[str, Any]) -> str:
    """The text of `send` for an application."""
    made = f"{found['name']}()" if found["made"] else found["name"]
    words = {"module": found["module"], "name": found["name"], "made": made, "settings": found["settings"]}
    return CLIENTS[found["framework"]].send.format(**words)


def options(found: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """A request in the words of a framework's own test client."""
    framework = found["framework"]
    client = CLIENTS[framework]
    made: dict[str, Any] = {}
    headers = dict(request.get("headers", []))
    cookies = "; ".join(f"{key}={message.cookie(value)}" for key, value in request.get("cookies", []))
    if cookies:
        headers["Cookie"] = cookies
    if framework == "django":
        made.update(_of_django(request))
    elif request.get("files"):
        _, _, sent, body = message.encoded({**request, "path": "/", "headers": [], "cookies": []})
        headers.update(pair for pair in sent if pair[0] == "Content-Type")
        made[client.raw] = body.decode()
    elif request.get("json") is not None:
        made["json"] = request["json"]
    elif request.get("body") is not None:
        made[client.raw] = request["body"]
    elif request.get("form"):
        made["data"] = dict(request["form"])
    if request.get("query") and framework != "django":
        made[client.query] = dict(request["query"])
    return {"headers": headers, **made} if headers else made


def _of_django(request: Mapping[str, Any]) -> dict[str, Any]:
    """Django's client takes the body and its type as they are sent."""
    made: dict[str, Any] = {}
    if request.get("json") is not None and not request.get("files"):
        made.update(data=json.dumps(request["json"]), content_type="application/json")
    else:
        _, _, sent, body = message.encoded({**request, "path": "/", "headers": [], "cookies": []})
        if body:
            made.update(data=body.decode(), content_type=dict(sent)["Content-Type"])
    if request.get("query"):
        made["query"] = urllib.parse.urlencode([tuple(pair) for pair in request["query"]])
    return made
