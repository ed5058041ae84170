"""Passwords and keys in a log, where more people can read them.

Seen by the names of what is logged; low, since a name may promise more than it holds.
"""

from __future__ import annotations

import re

from stillwatch.codescan.checks import Hazard, Rule, SinkCall

NAMED = re.compile(
    r"(?i)\b(?:\w+[._])?(?:password|passwd|secret|api_?key|access_?key|private_?key|credentials?)\b(?!\s*[(=])"
)
TEXT = re.compile(r"\"[^\"{}]*\"|'[^'{}]*'")


def _hazard(call: SinkCall) -> Hazard | None:
    written = call.around.partition("\n")[2] or call.around
    found = NAMED.search(TEXT.sub("", written))
    return Hazard((), confidence=0.5, note="it is named so") if found and call.arguments else None


RULE = Rule(
    id="secret-logged",
    cwe=532,
    title="a secret in a log",
    cvss="CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N",
    advice="Log who, not with what.",
    hazard=_hazard,
    secret=True,
)

EXAMPLES = {
    "bad": """
import logging

def login(user, password):
    logging.info("login of %s with %s", user, password)
""",
    "good": """
import logging

def login(user, password):
    logging.info("wrong password of %s", user)
""",
    "fixed": """
import logging

def login(user, password):
    logging.info("login of %s", user)
""",
}
