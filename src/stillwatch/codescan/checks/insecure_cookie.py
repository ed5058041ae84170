"""A cookie that browsers also send over plain HTTP, where it can be read on the way."""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known, project_settings, settings
from stillwatch.codescan.engine.values import Constant, options

SETTINGS = frozenset({"secure", "SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE", "CSRF_COOKIE_SECURE"})


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path.endswith(("[]", ".update")) or call.path.startswith("globals."):
        if call.path.startswith("globals.") and not project_settings(call):
            return None
        held = settings(call)
        off = any(known(held.get(name)) == [False] for name in SETTINGS)
        return Hazard((), confidence=0.6, note="secure is off") if off else None
    secure = call.given(*call.model.arguments[0])
    if secure is None:
        return None if call.rest is not None else Hazard((), confidence=0.5, note="secure is not set")
    values = [option.value for option in options(secure) if isinstance(option, Constant)]
    if values and not any(values):
        return Hazard((), confidence=0.85, note="secure is off")
    return None


RULE = Rule(
    id="insecure-cookie",
    cwe=614,
    title="a cookie that is sent over plain HTTP",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
    advice="Set secure=True.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask, make_response

app = Flask(__name__)

@app.route("/")
def start():
    response = make_response("hello")
    response.set_cookie("session", "1", secure=False)
    return response
""",
    "good": """
from flask import Flask, make_response

app = Flask(__name__)
SECURE = not False

@app.route("/")
def start():
    response = make_response("hello")
    response.set_cookie("session", "1", secure=SECURE)
    return response
""",
    "fixed": """
from flask import Flask, make_response

app = Flask(__name__)

@app.route("/")
def start():
    response = make_response("hello")
    response.set_cookie("session", "1", secure=True)
    return response
""",
}
