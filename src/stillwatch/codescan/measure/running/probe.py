"""Runs in the interpreter that has Flask: loads cases, sends them requests, writes down what reached their sinks.

A program of its own, so it imports the standard library and Flask alone. Arguments: a file with the order as JSON
and the file to write to, a line for each case. The folder it is started in is the suite.
"""

import builtins
import hashlib
import importlib
import io
import json
import os
import pickle
import random
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, ModuleType
from typing import Any
from urllib.error import URLError

import flask
from werkzeug.http import dump_cookie

HERE = os.getcwd() + os.sep  # noqa: PTH109 - compared with the file names of frames, which are text
SECONDS_A_REQUEST = 5
MOST_BYTES = 2**24  # that a case may write to one file
MOST_TEXT = 4000  # of one observed value
WRITING = frozenset("wax+")
REAL_OPEN = open
events: list[list[str]] = []


def note(sink: str, value: object) -> None:
    events.append([sink, shown(str(value))])


def shown(text: str) -> str:
    """Cut a text, and name this folder the same wherever it is."""
    return text.replace(HERE, "./")[:MOST_TEXT]


def from_a_case(*, direct: bool = False) -> bool:
    """Whether the code of a case called the hook (`direct`), or something that did."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith(HERE):
            return True
        if direct:
            return False
        frame = frame.f_back
    return False


def watch(module: ModuleType, name: str, instead: Callable[..., Any] | None = None) -> None:
    """Note the first argument of each call from a case; `instead` is called in the place of what it would do."""
    real = getattr(module, name, None)
    if real is None:
        return
    sink = f"{module.__name__}.{name}"

    def hook(*arguments: Any, **named: Any) -> Any:
        if not from_a_case():
            return real(*arguments, **named)
        note(sink, repr(next(iter([*arguments, *named.values()]), "")))
        if named.get("shell"):
            note(f"{sink} shell", "yes")
        return (instead or real)(*arguments, **named)

    setattr(module, name, hook)


def open_inside(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
    """Write nothing outside the folder of the suite."""
    if not from_a_case():
        return REAL_OPEN(file, mode, *arguments, **named)
    note("open", f"{file} {mode}")
    outside = not isinstance(file, int) and not os.path.abspath(os.fspath(file)).startswith(HERE)  # noqa: PTH100
    if outside and WRITING & set(mode):
        raise PermissionError(13, "outside the suite", str(file))
    return REAL_OPEN(file, mode, *arguments, **named)


def literal_only(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    """Note code that a case would run, and run none but literals."""

    def hook(code: Any, *scopes: Any) -> Any:
        if not from_a_case(direct=True):
            if scopes:
                return real(code, *scopes)
            caller = sys._getframe(1)
            return real(code, caller.f_globals, caller.f_locals)
        note(name, code)
        if isinstance(code, str) and code[:1] in {"'", '"'} and code.isprintable():
            with suppress(SyntaxError, ValueError):
                return importlib.import_module("ast").literal_eval(code)
        raise NameError(f"{name} is watched")

    return hook


class Cursor(sqlite3.Cursor):
    """A cursor that notes what is executed."""

    def execute(self, sql: str, *parameters: Any) -> Any:
        note("sqlite3.execute", sql)
        note("sqlite3.parameters", parameters)
        return super().execute(sql, *parameters)

    def executescript(self, script: str) -> Any:
        note("sqlite3.executescript", script)
        return super().executescript(script)


class Connection(sqlite3.Connection):
    """A connection that notes what is executed; being a class of Python, it takes settings newer than its host."""

    def cursor(self, *_: Any, **__: Any) -> Any:
        return super().cursor(Cursor)

    def execute(self, sql: str, *parameters: Any) -> Any:
        return self.cursor().execute(sql, *parameters)


def ended(arguments: Any, *_: Any, **named: Any) -> Any:
    text = named.get("text") or named.get("encoding") or named.get("universal_newlines")
    return subprocess.CompletedProcess(arguments, 0, "" if text else b"", "" if text else b"")


def no_process(*_: Any, **__: Any) -> Any:
    raise OSError("no process is started here")


def no_network(*_: Any, **__: Any) -> Any:
    raise URLError("there is no network here")


def output_of(arguments: Any, *_: Any, **named: Any) -> Any:
    return ended(arguments, **named).stdout


def noted(name: str, asked: Callable[[], object]) -> None:
    """Note a value of a handler that asks for it, with its type; one that is not set has none."""
    with suppress(NameError):
        value = asked()
        note(f"noted {name}", f"{type(value).__name__} {value}")


def set_watch() -> None:
    setattr(builtins, "stillwatch_noted", noted)  # noqa: B010 - it is no name that a type checker knows
    builtins.open = open_inside
    io.open = open_inside
    builtins.eval = literal_only("eval", builtins.eval)
    builtins.exec = literal_only("exec", builtins.exec)
    watch(os, "system", lambda _: 0)
    watch(os, "popen", lambda *_: io.StringIO(""))
    watch(subprocess, "run", ended)
    watch(subprocess, "call", lambda *_, **__: 0)
    watch(subprocess, "check_call", lambda *_, **__: 0)
    watch(subprocess, "check_output", output_of)
    watch(subprocess, "getoutput", lambda _: "")
    watch(subprocess, "Popen", no_process)
    watch(urllib.request, "urlopen", no_network)
    watch(pickle, "loads")
    for name in ("random", "randint", "choice", "randbytes", "getrandbits", "uniform", "SystemRandom"):
        watch(random, name)
    for name in ("token_hex", "token_bytes", "token_urlsafe", "randbelow"):
        watch(secrets, name)
    for name in ("new", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b"):
        watch(hashlib, name)
    real_connect = sqlite3.connect
    sqlite3.connect = lambda *given, **named: real_connect(*given, **{**named, "factory": Connection})
    watch_what_is_installed()


def watch_what_is_installed() -> None:
    for module, names in (
        ("lxml.etree", ("XPath", "XMLParser", "fromstring")),
        ("elementpath", ("select",)),
        ("yaml", ("load", "safe_load", "unsafe_load")),
    ):
        with suppress(ImportError):
            found = importlib.import_module(module)
            for name in names:
                watch(found, name)
    with suppress(ImportError):
        connection = importlib.import_module("ldap3").Connection
        search = connection.search

        def noted(self: Any, *arguments: Any, **named: Any) -> Any:
            note("ldap3.search", named["search_filter"] if "search_filter" in named else arguments[1])
            return search(self, *arguments, **named)

        connection.search = noted


def sure_chance() -> None:
    """Make what is drawn the same each time: a case and its mutant are compared."""
    random.seed(7)
    source = random.Random(7)
    for module, name in ((os, "urandom"), (random, "_urandom")):
        setattr(module, name, source.randbytes)


def too_long(*_: Any) -> None:
    raise TimeoutError(f"no answer in {SECONDS_A_REQUEST} seconds")


def load(app: flask.Flask, module: str) -> tuple[str, str]:
    """Load one case into the application; give the route that it adds and its method."""
    importlib.import_module(module).init(app)
    added = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static" and not rule.arguments]
    for method in ("POST", "GET"):
        for rule in added:
            if method in (rule.methods or ()):
                return rule.rule, method
    raise LookupError("the case adds no route without parameters")


def send(app: flask.Flask, route: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
    events.clear()
    sure_chance()
    signal.alarm(SECONDS_A_REQUEST)
    with app.test_client(use_cookies=False) as client:
        form = {"json": request["json"]} if request["json"] else {"data": pairs(request["form"])}
        response = client.open(
            route,
            method=method,
            query_string=pairs(request["query"]),
            headers=[*request["headers"], *map(cookie, request["cookies"])],
            **({} if method == "GET" else form),
        )
        signal.alarm(0)
        return {
            "status": response.status_code,
            "content_type": response.content_type or "",
            "location": response.headers.get("Location"),
            "cookies": [
                text for text in response.headers.getlist("Set-Cookie") if not text.startswith("session=")
            ],
            "session": sorted(map(str, flask.session.items())),
            "body": shown(response.get_data(as_text=True)),
            "events": list(events),
        }


def cookie(given: list[str]) -> tuple[str, str]:
    name, value = given
    return "Cookie", dump_cookie(name, value, path=None).partition(";")[0]


def pairs(given: list[list[str]]) -> dict[str, list[str]]:
    together: dict[str, list[str]] = {}
    for name, value in given:
        together.setdefault(name, []).append(value)
    return together


def run(module: str, requests: list[dict[str, Any]]) -> dict[str, Any]:
    app = flask.Flask("suite", root_path=HERE)
    app.secret_key = secrets.token_bytes(16)
    try:
        route, method = load(app, module)
        return {"error": None, "seen": [send(app, route, method, request) for request in requests]}
    except Exception as cause:  # noqa: BLE001 - whatever a case does
        return {"error": f"{type(cause).__name__}: {cause}", "seen": []}
    finally:
        signal.alarm(0)


def main(order: str, out: str) -> None:
    sys.path.insert(0, HERE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, too_long)
    with REAL_OPEN(order, encoding="utf-8") as file:
        cases = json.load(file)
    with REAL_OPEN(out, "a", encoding="utf-8") as lines:
        real_stdout, sys.stdout = sys.stdout, io.StringIO()  # a case may print
        set_watch()
        for case in cases:
            print(case["name"], file=real_stdout, flush=True)
            lines.write(json.dumps({"name": case["name"], **run(case["module"], case["requests"])}) + "\n")
            lines.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
