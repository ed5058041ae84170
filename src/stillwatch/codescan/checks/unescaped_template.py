"""A template engine told not to escape, or not told to: what templates show is put into pages as it came.

A pattern: templates that make no HTML need no escaping.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known


def _hazard(call: SinkCall) -> Hazard | None:
    escape = call.given(*call.model.arguments[0])
    if escape is None:
        return None if call.rest is not None else Hazard((), confidence=0.4, note="autoescape is not set")
    values = known(escape)
    return Hazard((), confidence=0.6, note="autoescape is off") if values and not any(values) else None


RULE = Rule(
    id="unescaped-template",
    cwe=79,
    title="templates that do not escape",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:L/VI:L/VA:N/SC:L/SI:L/SA:N",
    advice="Pass autoescape=select_autoescape().",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from jinja2 import Environment, FileSystemLoader

PAGES = Environment(loader=FileSystemLoader("pages"), autoescape=False)
""",
    "good": """
from jinja2 import Environment, FileSystemLoader

PAGES = Environment(loader=FileSystemLoader("pages"), autoescape=True)
""",
    "fixed": """
from jinja2 import Environment, FileSystemLoader, select_autoescape

PAGES = Environment(loader=FileSystemLoader("pages"), autoescape=select_autoescape())
""",
}
