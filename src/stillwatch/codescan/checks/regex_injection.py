"""Others' data as a regular expression: one that backtracks without end takes all of a processor's time."""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall


def _hazard(call: SinkCall) -> Hazard | None:
    return Hazard(call.dangerous(), confidence=0.6)


RULE = Rule(
    id="regex-injection",
    cwe=1333,
    title="others' data as a regular expression",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N",
    advice="Escape it with re.escape, or search for plain text.",
    payloads=("(a+)+$",),
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import re
from flask import Flask, request

app = Flask(__name__)

@app.route("/find")
def find():
    return {"found": re.search(request.args["pattern"], "a page of text") is not None}
""",
    "good": """
import re
from flask import Flask, request

app = Flask(__name__)

@app.route("/find")
def find():
    return {"found": re.search("[a-z]+b", request.args["text"]) is not None}
""",
    "fixed": """
import re
from flask import Flask, request

app = Flask(__name__)

@app.route("/find")
def find():
    return {"found": re.search(re.escape(request.args["pattern"]), "aaaaaaaaaaaaab") is not None}
""",
}
