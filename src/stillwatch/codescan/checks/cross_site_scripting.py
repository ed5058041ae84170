"""Others' data in a page as it came: they run scripts in the browser of who reads it.

Seen: text a handler answers as HTML, and text marked as safe for a template. Not weak: answers that are JSON or plain
text, headers, and templates that escape.
"""

from __future__ import annotations

import re

from stillwatch.codescan.checks import Hazard, Rule, SinkCall
from stillwatch.codescan.engine.heap import Instance, ListObject
from stillwatch.codescan.engine.sinks import text_of
from stillwatch.codescan.engine.values import Constant, Outside, Ref, Tuple, Value, options

PLAIN = (
    "application/json",
    "text/plain",
    "text/csv",
    "application/octet-stream",
    "image/",
    "application/pdf",
)


PLAIN_UNLESS_TOLD = frozenset({"aiohttp.web.Response"})


def _says_html(call: SinkCall) -> bool:
    """Whether a content type is given among the headers."""
    headers = call.given("headers")
    return headers is not None and "html" in text_of(headers, call.state)[0]


def _hazard(call: SinkCall) -> Hazard | None:
    value = call.given(*call.model.arguments[0])
    if value is None:
        return None
    if call.path.endswith("render_template_string"):
        return _unescaped(value, call)
    kind = call.given("mimetype", "content_type", "media_type")
    if kind is None and call.path in PLAIN_UNLESS_TOLD and not _says_html(call):
        return None
    if isinstance(kind, Constant) and str(kind.value).startswith(PLAIN):
        return None
    bodies = tuple(body for option in options(value) for body in _body(option, call))
    return Hazard(bodies) if bodies else None


_SAFE = re.compile(r"\{\{-?\s*(\w+)[^{}|]*\|\s*safe\b")


def _unescaped(template: Value, call: SinkCall) -> Hazard | None:
    """Values that a template puts into the page as they are."""
    if not isinstance(template, Constant):
        return None
    names = _SAFE.findall(str(template.value))
    found = tuple(call.keywords[name] for name in names if name in call.keywords)
    return Hazard(found) if found else None


def _body(value: Value, call: SinkCall) -> tuple[Value, ...]:
    """What of an answer is its text: the first part of a tuple; a mapping or list is sent as JSON."""
    if isinstance(value, Tuple):
        return _body(value.items[0], call) if value.items else ()
    if isinstance(value, Ref):
        thing = call.state.thing(value.address)
        if isinstance(thing, ListObject) and thing.kind == "generator":
            each = (
                thing.items if thing.items is not None else ((thing.rest,) if thing.rest is not None else ())
            )
            return tuple(part for item in each for option in options(item) for part in _body(option, call))
        if isinstance(thing, Instance) and isinstance(thing.kind, Outside):
            given = dict(thing.arguments)
            first = given.get(0)
            later = [
                thing.attributes.get(name) for name in ("header content-type", "mimetype", "content_type")
            ]
            told = [given.get(name) for name in ("mimetype", "content_type", "media_type")]
            kind = next((one for one in (*later, *told) if one is not None), None)
            if isinstance(kind, Constant) and str(kind.value).startswith(PLAIN):
                return ()
            return (
                ()
                if first is None or not thing.kind.path.endswith(("Response", "Markup"))
                else _body(first, call)
            )
        return ()
    return (value,)


RULE = Rule(
    id="cross-site-scripting",
    cwe=79,
    title="others' data in a page as it came",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:L/VI:L/VA:N/SC:L/SI:L/SA:N",
    advice="Escape it (markupsafe.escape), or put it into a template that escapes.",
    payloads=("<script>alert(1)</script>", "<svg/onload=alert(1)>"),
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    return "<p>Hello " + request.args.get("name", "") + "</p>"
""",
    "good": """
from flask import Flask, request

app = Flask(__name__)

@app.route("/hello")
def hello():
    return {"hello": request.args.get("name", "")}
""",
    "fixed": """
from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)

@app.route("/hello")
def hello():
    return "<p>Hello " + str(escape(request.args.get("name", ""))) + "</p>"
""",
}
