"""Forms that other sites may send in a user's name: the check against it is switched off.

Low for single views, since an interface that takes no cookies needs none.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known, settings

SETTINGS = frozenset({"WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT"})


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path.endswith(("[]", ".update")):
        held = settings(call)
        off = any(known(held.get(name)) == [False] for name in SETTINGS)
        return Hazard((), confidence=0.6, note="switched off for all forms") if off else None
    return Hazard((), confidence=0.45, note="a view is exempt")


RULE = Rule(
    id="csrf-check-off",
    cwe=352,
    title="forms that other sites may send",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Leave the check on; use tokens instead of cookies for interfaces.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from flask import Flask

app = Flask(__name__)
app.config["WTF_CSRF_ENABLED"] = False
""",
    "good": """
from flask import Flask

app = Flask(__name__)
app.config["WTF_CSRF_TIME_LIMIT"] = None
""",
    "fixed": """
from flask import Flask

app = Flask(__name__)
app.config["WTF_CSRF_ENABLED"] = True
""",
}
