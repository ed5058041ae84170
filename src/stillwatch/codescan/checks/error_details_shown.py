"""The details of an error in an answer: file names, code and values of the program, for whoever caused it.

Seen: what `traceback` writes, in what a handler answers.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall


def _hazard(call: SinkCall) -> Hazard | None:
    values = call.dangerous()
    return Hazard(values, confidence=0.7) if values else None


RULE = Rule(
    id="error-details-shown",
    cwe=209,
    title="the details of an error in an answer",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
    advice="Log the details, and answer that something went wrong.",
    hazard=_hazard,
    accepts=frozenset({"error"}),
)

EXAMPLES = {
    "bad": """
import traceback
from flask import Flask

app = Flask(__name__)

@app.route("/work")
def work():
    try:
        return {"done": 1 / 0}
    except ZeroDivisionError:
        return {"error": traceback.format_exc()}, 500
""",
    "good": """
import traceback

def work():
    try:
        return 1 / 0
    except ZeroDivisionError:
        return traceback.format_exc()
""",
    "fixed": """
import logging
import traceback
from flask import Flask

app = Flask(__name__)

@app.route("/work")
def work():
    try:
        return {"done": 1 / 0}
    except ZeroDivisionError:
        logging.error(traceback.format_exc())
        return {"error": "something went wrong"}, 500
""",
}
