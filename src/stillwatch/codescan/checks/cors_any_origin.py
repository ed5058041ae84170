"""Pages of any site may ask with a user's cookies and read the answer: CORS for every origin, credentials allowed."""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.names import known_items

HEADER = "access-control-allow-origin"


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path.startswith("globals."):
        lines = () if call.module.source is None else call.module.source.lines
        together = any(line.replace(" ", "").startswith("CORS_ALLOW_CREDENTIALS=True") for line in lines)
        return _found() if together and True in known(call.given(0)) else None
    if call.path.endswith("headers[]"):
        named = {str(name).lower() for name in known(call.given(0))}
        value = call.given(1)
        return Hazard((value,), confidence=0.7) if value is not None and HEADER in named else None
    if True not in known(call.given("allow_credentials", "supports_credentials")):
        return None
    origins = call.given(*call.model.arguments[0])
    if origins is None:  # flask_cors takes every origin unless told otherwise
        return _found() if call.path.startswith("flask_cors.") and call.rest is None else None
    items = known(origins) + [one for item in known_items(origins, call.state) or () for one in known(item)]
    return _found() if "*" in items or ".*" in items else None


def _found() -> Hazard:
    return Hazard((), confidence=0.7, note="every origin, with credentials")


RULE = Rule(
    id="cors-any-origin",
    cwe=942,
    title="answers for pages of any site",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="List the origins that are yours.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
""",
    "good": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"])
""",
    "fixed": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.org"], allow_credentials=True)
""",
}
