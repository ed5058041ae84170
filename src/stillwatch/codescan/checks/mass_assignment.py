"""Others' data names the attributes that are set: they set those that were not meant to be theirs."""

from __future__ import annotations

from stillwatch.codescan.checks import FROM_REQUESTS, Hazard, Rule, SinkCall


def _names(text: str, payload: str) -> bool:
    return payload in text.split("\n")


def _hazard(call: SinkCall) -> Hazard | None:
    return Hazard(call.dangerous(), confidence=0.7)


RULE = Rule(
    id="mass-assignment",
    cwe=915,
    title="others' data names the attributes that are set",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:L/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N",
    advice="Set the attributes that are meant by name, or check the name against a list.",
    payloads=("is_admin", "__class__"),
    bites=_names,
    hazard=_hazard,
    accepts=FROM_REQUESTS,
)

EXAMPLES = {
    "bad": """
from flask import Flask, request
from shop.models import User

app = Flask(__name__)

@app.route("/user", methods=["POST"])
def change():
    user = User.query.first()
    for name, value in request.form.items():
        setattr(user, name, value)
    return {}
""",
    "good": """
from flask import Flask, request
from shop.models import User

app = Flask(__name__)

@app.route("/user", methods=["POST"])
def change():
    user = User.query.first()
    for name in ("city", "street"):
        setattr(user, name, request.form[name])
    return {}
""",
    "fixed": """
from flask import Flask, request
from shop.models import User

app = Flask(__name__)

@app.route("/user", methods=["POST"])
def change():
    user = User.query.first()
    for name, value in request.form.items():
        if name in ("city", "street"):
            setattr(user, name, value)
    return {}
""",
}
