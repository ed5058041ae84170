"""Proofs of concept: a test for each weakness that was shown, which fails while it is there and passes once it is fixed.

A test stands alone: it needs the application and nothing of the scanner. It sends what the scanner sent, and looks at
what arrives: in the page, the redirect or the cookie, or in the calls of the sink, which it watches by compiling the one
file anew with a note taken at each call of that name.
"""

from __future__ import annotations

import re
from pprint import pformat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.prove.proving import Evidence

WIDTH = 100

_HEAD = '''"""{rule} (CWE-{cwe}) in {path}, function {function}.

{message}.
Fails while the weakness is there, passes once it is fixed. Written by stillwatch codescan.
"""
'''

_WATCHED = '''
import ast
import builtins
import os
from importlib.machinery import SourceFileLoader

FILE, CALL = {path!r}, {call!r}
ATTACK = {text!r}
reached = []


class Reached(BaseException):
    """The attack arrived: the call is not made."""


def watched(function, *arguments, **options):
    if ATTACK in texts([*arguments, *options.values(), getattr(function, "__self__", None)]):
        reached.append(function)
        raise Reached
    return function(*arguments, **options)


class Watching(ast.NodeTransformer):
    def visit_Call(self, node):
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        if name != CALL:
            return node
        call = ast.Call(ast.Name("watched", ast.Load()), [node.func, *node.args], node.keywords)
        return ast.fix_missing_locations(ast.copy_location(call, node))


def compiled(loader, data, path, **options):
    if str(path).replace(os.sep, "/").endswith(FILE):
        return compile(Watching().visit(ast.parse(data)), path, "exec", dont_inherit=True)
    return compile(data, path, "exec", dont_inherit=True)


builtins.watched = watched
SourceFileLoader.source_to_code = compiled


def texts(values):
    for value in values:
        if isinstance(value, (list, tuple)):
            yield "\\n".join(texts(value))
        elif isinstance(value, bytes):
            yield value.decode("utf-8", "replace")
        elif isinstance(value, (str, os.PathLike)):
            yield str(value)
        elif hasattr(value, "getvalue"):
            yield from texts([value.getvalue()])
'''

_STORED = '''
import ast
import builtins
import os
from importlib.machinery import SourceFileLoader

FILE, NAME = {path!r}, {call!r}
ATTACK = {text!r}
reached = []


class Reached(BaseException):
    """The attack arrived: it is not stored."""


def watched(value):
    if value == ATTACK:
        reached.append(value)
        raise Reached
    return value


class Watching(ast.NodeTransformer):
    def visit_Assign(self, node):
        self.generic_visit(node)
        for target in node.targets:
            if isinstance(target, ast.Subscript) and ast.unparse(target.value).endswith(NAME):
                target.slice = ast.Call(ast.Name("watched", ast.Load()), [target.slice], [])
                node.value = ast.Call(ast.Name("watched", ast.Load()), [node.value], [])
        return ast.fix_missing_locations(node)


def compiled(loader, data, path, **options):
    if str(path).replace(os.sep, "/").endswith(FILE):
        return compile(Watching().visit(ast.parse(data)), path, "exec", dont_inherit=True)
    return compile(data, path, "exec", dont_inherit=True)


builtins.watched = watched
SourceFileLoader.source_to_code = compiled
'''

_OPENED = """
import sys

opened = []


def hook(event, arguments):
    if event == "open" and str(arguments[0]).endswith({text!r}):
        opened.append(arguments[0])


sys.addaudithook(hook)
"""

_CLIENTS = {
    "flask": "    return application.test_client(use_cookies=False).open(path, method=method, **options)",
    "starlette": "    from starlette.testclient import TestClient\n\n"
    "    return TestClient(application, follow_redirects=False).request(method, path, **options)",
}


def name(evidence: Evidence) -> str:
    """The test's module: `test_<rule>_<fingerprint>`."""
    return f"test_{evidence.finding.rule.replace('-', '_')}_{evidence.finding.fingerprint}"


def test_of(evidence: Evidence) -> str | None:
    """The text of the test; None where it cannot stand alone, since the application was put together for the run, or has no name that can be imported."""
    if evidence.found is not None and (
        not evidence.found["name"] or evidence.found["framework"] not in _CLIENTS
    ):
        return None
    finding = evidence.finding
    module = evidence.question["module"] if evidence.found is None else evidence.found["module"]
    if not all(part.isidentifier() for part in module.split(".")):
        return None
    parts = [
        _HEAD.format(
            rule=finding.rule, cwe=finding.cwe, path=finding.location.path, function=finding.function or "(module)",
            message=_plain(finding.message),
        )
    ]  # fmt: skip
    parts.append(_watch(evidence))
    parts.append(_send(evidence) if evidence.found is not None else _call(evidence))
    parts.append(_check(evidence))
    return "\n".join(part for part in parts if part).replace("\n\n\n\n", "\n\n\n")


def _plain(text: str) -> str:
    """A message of the code base as part of a docstring."""
    return re.sub(r"[\"\\]", "'", text)


def _watch(evidence: Evidence) -> str:
    if evidence.seen.where == "opened":
        return _OPENED.format(text=evidence.seen.text)
    if evidence.seen.where != "sink":
        return ""
    sink = evidence.finding.sink
    if sink.endswith("[]"):
        return _STORED.format(
            path=evidence.finding.location.path,
            text=evidence.seen.text,
            call=sink.removesuffix("[]").rpartition(".")[2],
        )
    return _WATCHED.format(
        path=evidence.finding.location.path, text=evidence.seen.text, call=written(evidence.finding)
    )


def written(finding: Finding) -> str:
    """The name by which the code calls the sink, which it may have imported under another."""
    code = " ".join(finding.code.split())
    last = finding.sink.rpartition(".")[2]
    if f"{last}(" in code:
        return last
    found = re.findall(r"(\w+)\(", code)
    return found[-1] if found else last


def _send(evidence: Evidence) -> str:
    found = evidence.found
    assert found is not None
    options = _options(evidence.question["request"], found["framework"])
    made = f"{found['name']}()" if found["made"] else found["name"]
    return f"""

def send(method, path, **options):
    from {found["module"]} import {found["name"]}

    application = {made}
{_CLIENTS[found["framework"]]}


METHOD, PATH = {evidence.question["request"]["method"]!r}, {evidence.path!r}
REQUEST = {pformat(options, width=WIDTH, sort_dicts=False)}


def answer():
    return send(METHOD, PATH, **REQUEST)
"""


def _options(request: Mapping[str, Any], framework: str) -> dict[str, Any]:
    """A request in the words of a framework's own test client."""
    options: dict[str, Any] = {}
    cookies = "; ".join(f"{key}={value}" for key, value in _quoted(request.get("cookies", [])))
    headers = dict(request.get("headers", []))
    if cookies:
        headers["Cookie"] = cookies
    if headers:
        options["headers"] = headers
    if request.get("json") is not None:
        options["json"] = request["json"]
    elif request.get("body") is not None:
        options["data" if framework == "flask" else "content"] = request["body"]
    elif request.get("form"):
        options["data"] = _mapping(request["form"])
    if request.get("query"):
        options["query_string" if framework == "flask" else "params"] = _mapping(request["query"])
    return options


def _quoted(pairs: list[list[str]]) -> list[tuple[str, str]]:
    from stillwatch.codescan.prove.inside.message import cookie  # noqa: PLC0415 - runs behind the walls too

    return [(key, cookie(value)) for key, value in pairs]


def _mapping(pairs: list[list[str]]) -> dict[str, str]:
    return dict(pairs)


def _call(evidence: Evidence) -> str:
    question = evidence.question
    first, _, rest = question["function"].partition(".")
    function = f"{first}().{rest}" if rest else first
    environment = "".join(
        f"    os.environ[{key!r}] = {value!r}\n" for key, value in question["environment"].items()
    )
    arguments = ", ".join(map(repr, question["arguments"]))
    return f"""

def answer():
    import builtins
    import os
    import sys

    from {question["module"]} import {first}

    sys.argv = {[question["module"], *question["argv"]]!r}
    builtins.input = lambda prompt="": {question["input"]!r}
{environment}    return {function}({arguments})
"""


def _check(evidence: Evidence) -> str:
    test = f"def {name(evidence)}():"
    seen, text = evidence.seen, repr(evidence.seen.text)
    match seen.where:
        case "body":
            body = "answer().get_data(as_text=True)" if _is_flask(evidence) else "answer().text"
            return f"\n\n{test}\n    assert {text} not in {body}\n"
        case "location":
            return f'\n\n{test}\n    assert answer().headers.get("Location") != {text}\n'
        case "cookie":
            sent = (
                'answer().headers.getlist("Set-Cookie")'
                if _is_flask(evidence)
                else 'answer().headers.get_list("set-cookie")'
            )
            return (
                f"\n\n{test}\n    sent = [cookie for cookie in {sent} if cookie.startswith({seen.text + '='!r})]\n"
                '    assert all("secure" in cookie.lower().replace(" ", "").split(";") for cookie in sent)\n'
            )
    if seen.where == "opened":
        tried = "    try:\n        answer()\n    except Exception:\n        pass  # what becomes of the request is not what is tested\n"
        return f"\n\n{test}\n{tried}    assert not opened\n"
    return f"""

{test}
    try:
        answer()
    except (Exception, Reached):
        pass  # what becomes of the request is not what is tested
    assert not reached, f"{{ATTACK!r}} reached {{CALL}} in {{FILE}}"
""".replace("{CALL}", "{NAME}" if evidence.finding.sink.endswith("[]") else "{CALL}")


def _is_flask(evidence: Evidence) -> bool:
    return evidence.found is not None and evidence.found["framework"] == "flask"
