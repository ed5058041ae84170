"""A token whose signature is not checked, or that has none: anyone can write one that says what they like.

A pattern where the token is read to look at its header and checked afterwards.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.heap import DictObject
from stillwatch.codescan.engine.names import known_items
from stillwatch.codescan.engine.values import Ref


def _hazard(call: SinkCall) -> Hazard | None:
    if "unverified" in call.path:
        return Hazard((), confidence=0.5, note="the signature is not checked")
    if call.path.endswith("encode"):
        algorithm = known(call.given(2, "algorithm"))
        return Hazard((), confidence=0.75, note="it is not signed") if "none" in algorithm else None
    if False in known(call.given("verify")):
        return Hazard((), confidence=0.75, note="the signature is not checked")
    options = call.given("options", 3)
    thing = call.state.thing(options.address) if isinstance(options, Ref) else None
    if isinstance(thing, DictObject):
        checked = thing.items.get(("verify_signature",))
        if False in known(checked):
            return Hazard((), confidence=0.75, note="the signature is not checked")
    algorithms = call.given("algorithms", 2)
    named = known_items(algorithms, call.state) if algorithms is not None else None
    if any("none" in (str(one).lower() for one in known(name)) for name in named or ()):
        return Hazard((), confidence=0.75, note="tokens without a signature are taken")
    return None


RULE = Rule(
    id="jwt-not-verified",
    cwe=347,
    title="a token that anyone can write",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N",
    advice="Give the key and the one algorithm that is used.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import jwt

def user(token):
    return jwt.decode(token, options={"verify_signature": False})["name"]
""",
    "good": """
import jwt

def user(token, key):
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})["name"]
""",
    "fixed": """
import jwt

def user(token, key):
    return jwt.decode(token, key, algorithms=["HS256"])["name"]
""",
}
