"""Debug mode switched on in the code: error pages show code and settings, and Flask's debugger runs what it is sent."""

from __future__ import annotations

from pathlib import PurePosixPath

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known, settings

SETTINGS = ("INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE")


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path.endswith((".config[]", ".config.update")):
        on = known(settings(call).get("DEBUG")) == [True]
        return Hazard((), confidence=0.6, note="debug is on") if on else None
    values = known(call.given(*call.model.arguments[0]))
    if not values or not all(value is True for value in values):
        return None
    if call.path.startswith("globals."):
        return Hazard((), confidence=0.6, note="DEBUG is on") if _are_settings(call) else None
    return Hazard(
        (), confidence=0.7 if call.path.startswith(("flask.", "werkzeug.")) else 0.5, note="debug is on"
    )


def _are_settings(call: SinkCall) -> bool:
    """Whether the module is settings of a Django project, and not those of its tests or of development."""
    name = PurePosixPath(call.module.path)
    if {"tests", "test", "local", "dev", "development"}.intersection((*name.parts, name.stem)):
        return False
    lines = () if call.module.source is None else call.module.source.lines
    return any(line.startswith(SETTINGS) for line in lines)


RULE = Rule(
    id="debug-mode",
    cwe=489,
    title="debug mode in the code",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Switch it on by the environment, where it is wanted.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask

app = Flask(__name__)
app.run(debug=True)
""",
    "good": """
DEBUG = True

def say(text):
    if DEBUG:
        print(text)
""",
    "fixed": """
import os
from flask import Flask

app = Flask(__name__)
app.run(debug=os.environ.get("APP_DEBUG") == "1")
""",
}
