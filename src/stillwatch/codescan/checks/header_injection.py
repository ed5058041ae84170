"""Others' data with line breaks in a header of an answer: they add headers, or a second answer.

Sure for servers that write headers as they are given (`http.server`, WSGI); a pattern for frameworks that refuse line
breaks in recent versions.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall

REFUSING = ("flask.", "django.", "starlette.")


def _hazard(call: SinkCall) -> Hazard | None:
    return Hazard(call.dangerous(), confidence=0.3 if call.path.startswith(REFUSING) else 0.8)


RULE = Rule(
    id="header-injection",
    cwe=113,
    title="others' data with line breaks in a header",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:L/VI:L/VA:N/SC:L/SI:L/SA:N",
    advice="Remove line breaks, or refuse values that hold any.",
    payloads=("x\r\nSet-Cookie: a=b", "x\nSet-Cookie: a=b"),
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-Asked", unquote(self.path))
        self.end_headers()
""",
    "good": """
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-Asked", str(len(unquote(self.path))))
        self.end_headers()
""",
    "fixed": """
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-Asked", unquote(self.path).replace("\\r", "").replace("\\n", ""))
        self.end_headers()
""",
}
