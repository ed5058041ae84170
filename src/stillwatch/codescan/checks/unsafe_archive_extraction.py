"""An archive of others unpacked with the names it holds: they write files outside the folder that is meant.

`tarfile` takes names as they are unless it is given a filter (Python 3.14 gives one by itself); `zipfile` does not.
A pattern where it is not known whose archive it is.
"""

from __future__ import annotations

from stillwatch.codescan.checks import FROM_ANYWHERE, Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.heap import deep_taints


def _hazard(call: SinkCall) -> Hazard | None:
    chosen = call.given("filter")
    if chosen is not None and not {"fully_trusted", None}.intersection(known(chosen)):
        return None
    if call.given("members") is not None:  # it was chosen what is unpacked
        return None
    archives = call.dangerous()
    if any(deep_taints(archive, call.state) for archive in archives):
        return Hazard(archives)
    return Hazard((), confidence=0.4, note="names in the archive are not checked")


RULE = Rule(
    id="unsafe-archive-extraction",
    cwe=22,
    title="an archive unpacked with the names it holds",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:L/SC:N/SI:N/SA:N",
    advice="Pass filter='data' to extractall.",
    hazard=_hazard,
    accepts=FROM_ANYWHERE,
)

EXAMPLES = {
    "bad": """
import tarfile
from flask import Flask, request

app = Flask(__name__)

@app.route("/upload", methods=["POST"])
def upload():
    with tarfile.open(fileobj=request.files["data"]) as archive:
        archive.extractall("/srv/uploads")
    return {"done": True}
""",
    "good": """
import zipfile
from flask import Flask, request

app = Flask(__name__)

@app.route("/upload", methods=["POST"])
def upload():
    with zipfile.ZipFile(request.files["data"]) as archive:
        archive.extractall("/srv/uploads")
    return {"done": True}
""",
    "fixed": """
import tarfile
from flask import Flask, request

app = Flask(__name__)

@app.route("/upload", methods=["POST"])
def upload():
    with tarfile.open(fileobj=request.files["data"]) as archive:
        archive.extractall("/srv/uploads", filter="data")
    return {"done": True}
""",
}
