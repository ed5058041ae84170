"""Others' data decides which host the server asks: they reach services that only it can reach.

Seen: addresses given to HTTP clients whose host is not fixed by the code. Not weak: data in the path or query of an
address whose host stands in the code.
"""

import urllib.parse

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, fixed_address
from stillwatch.codescan.engine.heap import path_of
from stillwatch.codescan.engine.values import Outside

OWN = "http://evil"
FILES = ("FileStorage", "UploadFile", "UploadedFile")
INSIDE = "169.254.169.254"


def _asks(text: str, payload: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(text.strip())
    except ValueError:
        return False
    host = parts.hostname or ""
    if payload == OWN:  # a name that only ends like one that is trusted
        return host.startswith("evil") and host[4:5] != "." and "." in host
    return host == INSIDE or text.startswith((f"{INSIDE}/", "file:"))


def _hazard(call: SinkCall) -> Hazard | None:
    """Weak if others' data is in the address; a file that was sent is none."""
    if call.path.endswith(".setopt"):
        option = call.given(0)
        if not isinstance(option, Outside) or not option.path.endswith("URL"):
            return None
    values = [value for value in call.dangerous() if not path_of(value, call.state).endswith(FILES)]
    return Hazard(tuple(values))


RULE = Rule(
    id="server-side-request-forgery",
    cwe=918,
    title="others' data decides which host is asked",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:H/SI:L/SA:N",
    advice="Take the host from a list in the code, and refuse addresses of private networks.",
    payloads=(f"http://{INSIDE}/latest/meta-data", f"{INSIDE}/", f"@{INSIDE}/", "file:///etc/passwd", OWN),
    bites=_asks,
    settled=fixed_address,
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import requests
from flask import Flask, request

app = Flask(__name__)

@app.route("/preview")
def preview():
    return {"size": len(requests.get(request.args["url"], timeout=5).content)}
""",
    "good": """
import requests
from flask import Flask, request

app = Flask(__name__)

@app.route("/preview")
def preview():
    return {"size": len(requests.get("https://img.example.org/" + request.args["name"], timeout=5).content)}
""",
    "fixed": """
import requests
from flask import Flask, abort, request
from urllib.parse import urlparse

app = Flask(__name__)

@app.route("/preview")
def preview():
    url = request.args["url"]
    if urlparse(url).hostname not in {"img.example.org", "cdn.example.org"}:
        abort(400)
    return {"size": len(requests.get(url, timeout=5).content)}
""",
}
