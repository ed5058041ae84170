"""Numbers of `random` where nobody may guess them: tokens, passwords, keys, names of sessions.

Python's `random` is a Mersenne twister: some of its outputs give all that follow. More likely
where the statement or its function speaks of secrets; a pattern elsewhere, since simulations and shuffles are fine.
"""

from stillwatch.codescan.checks import SECRET_WORDS, Hazard, Rule, SinkCall, about_secrets

CHOSEN = ("random.Random.",)
"""Generators that are made on purpose, most to be repeatable: only in functions that are named for secrets."""
ONLY_FOR_SECRETS = ("numpy.", "uuid.")


def _hazard(call: SinkCall) -> Hazard | None:
    named = SECRET_WORDS.search(call.around.partition("\n")[0])
    if call.path.startswith(CHOSEN):
        sure = 0.45  # where it came from, and with which start, is not asked
        return Hazard((), confidence=sure, note=f"{call.path} can be predicted") if named else None
    if call.path.startswith(ONLY_FOR_SECRETS) and not about_secrets(call):
        return None
    sure = 0.65 if about_secrets(call) else 0.35
    return Hazard((), confidence=sure, note=f"{call.path} can be predicted")


RULE = Rule(
    id="weak-random",
    cwe=330,
    title="a number that can be predicted",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Use the module secrets, or random.SystemRandom.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import random

def token():
    return "%032x" % random.getrandbits(128)
""",
    "good": """
import random

def token():
    return "%032x" % random.SystemRandom().getrandbits(128)
""",
    "fixed": """
import secrets

def token():
    return "%032x" % secrets.randbits(128)
""",
}
