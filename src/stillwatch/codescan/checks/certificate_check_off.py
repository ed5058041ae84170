"""TLS without a check of the other side's certificate: whoever is on the way can read and change what is sent.

A pattern: an option of a program to switch the check off is not found, a fixed value is.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.values import Outside, options

WITHOUT = frozenset({"ssl._create_unverified_context", "ssl.wrap_socket"})


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path in WITHOUT:
        return Hazard((), confidence=0.7, note=f"{call.path} checks nothing")
    value = call.given(*call.model.arguments[0])
    if value is None:
        return None
    named = {option.path.rpartition(".")[2] for option in options(value) if isinstance(option, Outside)}
    if "_create_unverified_context" in named or "CERT_NONE" in named:
        return Hazard((), confidence=0.7, note="certificates are not checked")
    values = known(value)
    off = values and all(one is False or one in {"CERT_NONE", 0} for one in values)
    if off and call.path.endswith("verify_mode") and values[0] is False:
        return None
    return Hazard((), confidence=0.75, note="certificates are not checked") if off else None


RULE = Rule(
    id="certificate-check-off",
    cwe=295,
    title="TLS without a check of certificates",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N",
    advice="Leave the check on; give the certificate of an authority of your own with verify=PATH.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import requests

def status():
    return requests.get("https://inside.example.org/status", verify=False, timeout=5).json()
""",
    "good": """
import requests

def status(verify=True):
    return requests.get("https://inside.example.org/status", verify=verify, timeout=5).json()
""",
    "fixed": """
import requests

def status():
    return requests.get("https://inside.example.org/status", verify="/etc/inside.pem", timeout=5).json()
""",
}
