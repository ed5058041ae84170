"""Proofs of concept: a test for each weakness that was shown, which fails while it is there and passes once it is fixed.

A test stands alone: it needs the application and nothing of the scanner. It sends what the scanner sent, and looks at
what arrives: in the page, the redirect or the cookie, or in the calls of the sink, which it watches by compiling the one
file anew with a note taken at each call of that name.
"""

from __future__ import annotations

import re
from pprint import pformat
from typing import TYPE_CHECKING

from stillwatch.codescan.prove import clients, judging

if TYPE_CHECKING:
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
ARGUMENTS = {arguments!r}  # those that matter: places and names, or the object itself; all where none is said
reached = []


class Reached(BaseException):
    """The attack arrived: the call is not made."""


def arrives(arguments, options, owner):
    given = dict(enumerate(arguments), **options, self=owner)
    looked_at = [given[place] for places in ARGUMENTS for place in places if place in given]
    if ATTACK in texts(looked_at or given.values()):
        reached.append(CALL)
        raise Reached


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


class Watching(ast.NodeTransformer):
    def __init__(self, file):
        self.file = file

    def noted(self, name, node, *arguments):
        given = [ast.Constant(self.file), ast.Constant(name), *arguments]
        made = ast.Call(ast.Name("stillwatch_note", ast.Load()), given, getattr(node, "keywords", []))
        return ast.fix_missing_locations(ast.copy_location(made, node))

    def visit_Call(self, node):
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        watched = (self.file, name) in builtins.stillwatch
        return self.noted(name, node, node.func, *node.args) if watched else node

    def visit_Assign(self, node):
        self.generic_visit(node)
        for target in node.targets:
            name = ast.unparse(target.value).split(".")[-1] + "[]" if isinstance(target, ast.Subscript) else None
            if (self.file, name) in builtins.stillwatch:
                target.slice = self.noted(name, target.slice, ast.Name("str", ast.Load()), target.slice)
                node.value = self.noted(name, node.value, ast.parse("lambda value: value", mode="eval").body, node.value)
        return ast.fix_missing_locations(node)


def note(file, call, function, *arguments, **options):
    for watch in builtins.stillwatch[file, call]:
        watch(arguments, options, getattr(function, "__self__", None))
    return function(*arguments, **options)


def code_of(loader, name, plain=SourceFileLoader.get_code):
    path = loader.get_filename(name)
    for file in dict.fromkeys(file for file, _ in builtins.stillwatch):
        if f"/{{path}}".replace(os.sep, "/").endswith(f"/{{file}}"):
            tree = Watching(file).visit(ast.parse(loader.get_data(path)))
            return compile(tree, path, "exec", dont_inherit=True)
    return plain(loader, name)


if not hasattr(builtins, "stillwatch"):  # proofs of concept that are run together share it
    builtins.stillwatch, builtins.stillwatch_note = {{}}, note
    SourceFileLoader.get_code = code_of
builtins.stillwatch.setdefault((FILE, CALL), []).append(arrives)
'''

_OPENED = """
import sys

opened = []


def hook(event, arguments):
    if event == "open" and str(arguments[0]).endswith({text!r}):
        opened.append(arguments[0])


sys.addaudithook(hook)
"""


def name(evidence: Evidence) -> str:
    """The test's module: `test_<rule>_<fingerprint>`."""
    return f"test_{evidence.finding.rule.replace('-', '_')}_{evidence.finding.fingerprint}"


def test_of(evidence: Evidence) -> str | None:
    """The text of the test; None where it cannot stand alone, since the application was put together for the run, or has no name that can be imported."""
    finding = evidence.finding
    if evidence.found is not None and not clients.reaches(evidence.found):
        return None
    if evidence.found is None and not all(
        part.isidentifier() for part in evidence.question["module"].split(".")
    ):
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
    call = (
        f"{sink.removesuffix('[]').rpartition('.')[2]}[]"
        if sink.endswith("[]")
        else written(evidence.finding)
    )
    arguments = () if sink.endswith("[]") else judging.selectors(evidence.finding.rule, sink) or ()
    return _WATCHED.format(
        path=evidence.finding.location.path, text=evidence.seen.text, call=call, arguments=arguments
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
    assert evidence.found is not None
    request = evidence.question["request"]
    options = clients.options(evidence.found, request)
    return f"""
{clients.sending(evidence.found)}

METHOD, PATH = {request["method"]!r}, {evidence.path!r}
REQUEST = {pformat(options, width=WIDTH, sort_dicts=False)}


def answer():
    return send(METHOD, PATH, **REQUEST)
"""


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
            return f"\n\n{test}\n    assert {text} not in {_client(evidence).body}\n"
        case "location":
            return f'\n\n{test}\n    assert answer().headers.get("Location") != {text}\n'
        case "cookie":
            return (
                f"\n\n{test}\n    sent = [cookie for cookie in {_client(evidence).cookies} if cookie.startswith({seen.text + '='!r})]\n"
                '    assert all("secure" in cookie.lower().replace(" ", "").split(";") for cookie in sent)\n'
            )
    if seen.where == "opened":
        tried = "    try:\n        answer()\n    except Exception:\n        pass  # what becomes of the request is not what is tested\n"
        return f"\n\n{test}\n{tried}    assert not opened\n"
    return f"""

{test}
    reached.clear()
    try:
        answer()
    except (Exception, Reached):
        pass  # what becomes of the request is not what is tested
    assert not reached, f"{{ATTACK!r}} reached {{CALL}} in {{FILE}}"
"""


def _client(evidence: Evidence) -> clients.Client:
    assert evidence.found is not None
    return clients.CLIENTS[evidence.found["framework"]]
