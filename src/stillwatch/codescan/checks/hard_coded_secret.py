"""A password or key written into the code: whoever can read the code has it, and it cannot be changed in one place.

Seen: literals given as a secret to what signs, encrypts or logs in; and, in any text file, keys in the formats of their
providers, private keys, and random-looking literals in names such as `password` (`stillwatch.codescan.secrets`).
Placeholders, examples and tests are left out. Findings never show the secret.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known
from stillwatch.codescan.secrets import placeholders

SHORTEST = 6
LIKELY = 0.7
KEYS = frozenset({"SECRET_KEY", "JWT_SECRET_KEY", "SECURITY_PASSWORD_SALT", "WTF_CSRF_SECRET_KEY"})


def _hazard(call: SinkCall) -> Hazard | None:
    if placeholders.is_test(call.module.path):
        return None
    if call.path.endswith(".config[]") and not KEYS.intersection(map(str, known(call.given(0)))):
        return None
    for value in known(call.given(*call.model.arguments[0])):
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        if isinstance(text, str) and len(text) >= SHORTEST and "BEGIN PUBLIC" not in text:
            weak = placeholders.is_placeholder(text)
            return Hazard((), confidence=0.4 if weak else LIKELY, note=f"{len(text)} characters in the code")
    return None


RULE = Rule(
    id="hard-coded-secret",
    cwe=798,
    title="a secret in the code",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N",
    advice="Read it from the environment or a store of secrets, and replace it: it is known by now.",
    hazard=_hazard,
    secret=True,
)

EXAMPLES = {
    "bad": """
import jwt

KEY = "Zq83nVt1xR0pLw5c"

def ticket(name):
    return jwt.encode({"name": name}, KEY, algorithm="HS256")
""",
    "good": """
import jwt

def ticket(name, key):
    return jwt.encode({"name": name}, key, algorithm="HS256")
""",
    "fixed": """
import os
import jwt

KEY = os.environ["TICKET_KEY"]

def ticket(name):
    return jwt.encode({"name": name}, KEY, algorithm="HS256")
""",
}
