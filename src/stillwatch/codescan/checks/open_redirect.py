"""Others' data decides where a redirect leads: they send users of this site to one of their own."""

import re
import urllib.parse

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, fixed_address
from stillwatch.codescan.engine.values import Constant, Value

QUOTING = ("flask.redirect", "werkzeug.")
_HOST = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*:)?/{2,}([^/?#]*)")
ELSEWHERE = "evil.example"


def _leaves(text: str, _payload: str) -> bool:
    """Whether a browser would go elsewhere: it takes any number of slashes, of both kinds, for two."""
    found = _HOST.match(text.strip().replace("\\", "/"))
    return (found is not None and found[1].rpartition("@")[2] == ELSEWHERE) or text.startswith("javascript:")


def _hazard(call: SinkCall) -> Hazard | None:
    """A redirect, or a header that makes an answer one."""
    if call.path.endswith("[]"):
        name = call.given(0)
        if not isinstance(name, Constant) or str(name.value).lower() != "location":
            return None
    return Hazard(
        tuple(_quoted(value) if call.path.startswith(QUOTING) else value for value in call.dangerous())
    )


def _quoted(value: Value) -> Value:
    """What stands in the header: Werkzeug writes a backslash as `%5C`, and many slashes at the start as one."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        try:
            text = urllib.parse.urlunsplit(urllib.parse.urlsplit(value.value))
        except ValueError:
            return value
        return Constant(text.replace("\\", "%5C"), value.taints)
    return value


RULE = Rule(
    id="open-redirect",
    cwe=601,
    title="others' data decides where a redirect leads",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:N/VI:L/VA:N/SC:L/SI:L/SA:N",
    advice="Redirect to paths of this site only, or to a list of known addresses.",
    payloads=(
        f"https://{ELSEWHERE}/",
        f"//{ELSEWHERE}/",
        f"/\\{ELSEWHERE}",
        f"https:///{ELSEWHERE}/",
        f"///{ELSEWHERE}/",
        f"{ELSEWHERE}/",
        f"@{ELSEWHERE}/",
    ),
    bites=_leaves,
    settled=fixed_address,
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask, redirect, request

app = Flask(__name__)

@app.route("/next")
def following():
    return redirect(request.args["to"])
""",
    "good": """
from urllib.parse import urlparse
from flask import Flask, redirect, request

app = Flask(__name__)

@app.route("/next")
def following():
    target = urlparse(request.args["to"])
    if target.netloc != "docs.example.org" or target.scheme != "https":
        return redirect("/")
    return redirect(request.args["to"])
""",
    "fixed": """
from flask import Flask, redirect, request

app = Flask(__name__)

@app.route("/next")
def following():
    return redirect("/" + request.args["to"].replace("\\\\", "/").lstrip("/"))
""",
}
