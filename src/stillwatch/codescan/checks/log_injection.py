"""Others' data with line breaks in a log: they write entries that look like the program's own.

Low: it matters where people or programs read the log line by line, and not where entries are structured.
"""

from __future__ import annotations

import re

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known

PLACE = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?([a-zA-Z])")


def _hazard(call: SinkCall) -> Hazard | None:
    """Weak if others' data is in the text, or in an argument that is put into it as it is (`%s`)."""
    texts = known(call.given(0, "msg"))
    places = PLACE.findall(texts[0].replace("%%", "")) if texts and isinstance(texts[0], str) else []
    first, *others = call.arguments or (None,)
    plain = [one for place, one in enumerate(others) if place >= len(places) or places[place] == "s"]
    values = tuple(one for one in (first, *plain) if one is not None)
    return Hazard(values, confidence=0.5) if values else None


RULE = Rule(
    id="log-injection",
    cwe=117,
    title="others' data with line breaks in a log",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Log repr() of it, or remove line breaks.",
    payloads=("x\nINFO forged", "x\r\nINFO forged"),
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import logging
from flask import Flask, request

app = Flask(__name__)
LOG = logging.getLogger(__name__)

@app.route("/login", methods=["POST"])
def login():
    LOG.warning("login of " + request.form["name"] + " failed")
    return {"done": True}
""",
    "good": """
import logging
from flask import Flask, request

app = Flask(__name__)
LOG = logging.getLogger(__name__)

@app.route("/login", methods=["POST"])
def login():
    LOG.warning("login of %d failed", int(request.form["number"]))
    return {"done": True}
""",
    "fixed": """
import logging
from flask import Flask, request

app = Flask(__name__)
LOG = logging.getLogger(__name__)

@app.route("/login", methods=["POST"])
def login():
    LOG.warning("login of " + repr(request.form["name"]) + " failed")
    return {"done": True}
""",
}
