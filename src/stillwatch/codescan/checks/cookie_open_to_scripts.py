"""A cookie that scripts of the page can read: one script of others takes the session.

Low where nothing speaks of a session, since some cookies are meant to be read.
"""

from __future__ import annotations

from stillwatch.codescan.checks import (
    Hazard,
    Rule,
    SinkCall,
    about_secrets,
    known,
    project_settings,
    settings,
)

SETTINGS = frozenset({"SESSION_COOKIE_HTTPONLY", "REMEMBER_COOKIE_HTTPONLY"})


def _hazard(call: SinkCall) -> Hazard | None:
    if not call.path.endswith("set_cookie"):
        if call.path.startswith("globals.") and not project_settings(call):
            return None
        held = settings(call)
        off = any(known(held.get(name)) == [False] for name in SETTINGS)
        return Hazard((), confidence=0.6, note="httponly is off") if off else None
    chosen = call.given(*call.model.arguments[0])
    if chosen is None:
        return None if call.rest is not None else Hazard((), confidence=0.35, note="httponly is not set")
    if known(chosen) != [False]:
        return None
    return Hazard((), confidence=0.55 if about_secrets(call) else 0.4, note="httponly is off")


RULE = Rule(
    id="cookie-open-to-scripts",
    cwe=1004,
    title="a cookie that scripts can read",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:P/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
    advice="Set httponly=True.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask, make_response

app = Flask(__name__)

@app.route("/login")
def login():
    answer = make_response("in")
    answer.set_cookie("session", "1", secure=True, httponly=False)
    return answer
""",
    "good": """
from flask import Flask, make_response

app = Flask(__name__)

@app.route("/look")
def look():
    answer = make_response("in")
    answer.set_cookie("colour", "red", secure=True)
    return answer
""",
    "fixed": """
from flask import Flask, make_response

app = Flask(__name__)

@app.route("/login")
def login():
    answer = make_response("in")
    answer.set_cookie("session", "1", secure=True, httponly=True)
    return answer
""",
}
