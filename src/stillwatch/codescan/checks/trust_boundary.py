"""Others' data kept in the session as it came, where later code takes it for checked."""

from stillwatch.codescan.checks import Hazard, Rule, SinkCall


def _hazard(call: SinkCall) -> Hazard | None:
    return Hazard(tuple(call.arguments), confidence=0.6)


RULE = Rule(
    id="trust-boundary",
    cwe=501,
    title="others' data kept in the session as it came",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Check it against what is allowed before it is kept.",
    payloads=("unchecked7",),
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask, request, session

app = Flask(__name__)

@app.route("/role")
def role():
    session["role"] = request.args["role"]
    return {"done": True}
""",
    "good": """
from flask import Flask, request, session

app = Flask(__name__)

@app.route("/role")
def role():
    if request.args["role"] in ("reader", "writer"):
        session["role"] = "reader"
    return {"done": True}
""",
    "fixed": """
from flask import Flask, request, session

app = Flask(__name__)

@app.route("/role")
def role():
    role = request.args["role"]
    if role in ("reader", "writer"):
        session["role"] = role
    return {"done": True}
""",
}
