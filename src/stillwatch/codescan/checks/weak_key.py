"""A key that is too short: RSA, DSA and DH below 2,048 bits can be broken with enough machines."""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known

ENOUGH = 2048


def _hazard(call: SinkCall) -> Hazard | None:
    sizes = [size for size in known(call.given(*call.model.arguments[0])) if isinstance(size, int)]
    if not sizes or min(sizes) >= ENOUGH:
        return None
    return Hazard((), confidence=0.75, note=f"{min(sizes)} bits")


RULE = Rule(
    id="weak-key",
    cwe=326,
    title="a key that is too short",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Use 3,072 bits, or Ed25519.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from Crypto.PublicKey import RSA

def made():
    return RSA.generate(1024)
""",
    "good": """
from Crypto.PublicKey import RSA

SIZES = {"small": 2048, "large": 4096}

def made():
    return RSA.generate(SIZES["small"])
""",
    "fixed": """
from Crypto.PublicKey import RSA

def made():
    return RSA.generate(3072)
""",
}
