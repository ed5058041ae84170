"""Others' data in the name of a file: they read or write files of their choice."""

import posixpath

from stillwatch.codescan.checks import Rule


def _leaves(text: str, payload: str) -> bool:
    return any(
        ".." in line.split("/")
        or (posixpath.normpath(line) in {"/etc/passwd", payload} and "etc/passwd" in line)
        for line in text.split("\n")
    )


RULE = Rule(
    id="path-traversal",
    cwe=22,
    title="others' data in the name of a file",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Resolve the path and check that it is inside the folder that is meant, or take only its last part.",
    payloads=(
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "a/../../../../../../etc/passwd",
        "....//....//....//etc/passwd",
    ),
    bites=_leaves,
)

EXAMPLES = {
    "bad": """
from flask import Flask, request

app = Flask(__name__)

@app.route("/report")
def report():
    with open("reports/" + request.args["name"]) as file:
        return {"report": file.read()}
""",
    "good": """
import os
from flask import Flask, abort, request

app = Flask(__name__)

@app.route("/report")
def report():
    path = os.path.realpath(os.path.join("/srv/reports", request.args["name"]))
    if not path.startswith("/srv/reports/"):
        abort(404)
    with open(path) as file:
        return {"report": file.read()}
""",
    "fixed": """
import os
from flask import Flask, request

app = Flask(__name__)

@app.route("/report")
def report():
    with open("reports/" + os.path.basename(request.args["name"])) as file:
        return {"report": file.read()}
""",
}
