"""Others' data names what is imported, read or called: modules, attributes, globals.

Not weak: a name that has a fixed beginning or comes out of a list or table.
"""

from __future__ import annotations

from stillwatch.codescan.checks import FROM_REQUESTS, Hazard, Rule, SinkCall


def _names(text: str, payload: str) -> bool:
    return payload in text.split("\n")


def _hazard(call: SinkCall) -> Hazard | None:
    values = call.dangerous()
    return Hazard(values, confidence=0.7 if call.path == "getattr" else 0.8) if values else None


RULE = Rule(
    id="unsafe-reflection",
    cwe=470,
    title="others' data names what is imported or called",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N",
    advice="Look the name up in a table of what is allowed.",
    payloads=("__class__", "system", "os"),
    bites=_names,
    hazard=_hazard,
    accepts=FROM_REQUESTS,
)

EXAMPLES = {
    "bad": """
import importlib
from flask import Flask, request

app = Flask(__name__)

@app.route("/load")
def load():
    return {"name": importlib.import_module(request.args["name"]).__name__}
""",
    "good": """
import importlib
from flask import Flask, request

app = Flask(__name__)

@app.route("/load")
def load():
    return {"name": importlib.import_module("shop.plugins." + request.args["name"]).__name__}
""",
    "fixed": """
import importlib
from flask import Flask, request

app = Flask(__name__)
KNOWN = {"csv": "shop.csv", "xml": "shop.xml"}

@app.route("/load")
def load():
    return {"name": importlib.import_module(KNOWN[request.args["name"]]).__name__}
""",
}
