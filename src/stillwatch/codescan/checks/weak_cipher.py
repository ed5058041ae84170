"""Ciphers that can be broken, or are used so that they can.

Seen: DES, RC4 and the like, ECB, an initialisation vector that is always the same, and TLS versions before 1.2.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.values import Outside, options

PROTOCOLS = frozenset(
    {"PROTOCOL_SSLv2", "PROTOCOL_SSLv3", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1", "SSLv3", "TLSv1", "TLSv1_1"}
)
MODES = ("modes.CBC", "modes.CTR", "modes.GCM", ".encrypt")


def _hazard(call: SinkCall) -> Hazard | None:
    name = call.path
    if name.startswith("ssl."):
        return _protocol(call)
    if name.endswith(("AES.new", *MODES)):
        return _used(call)
    return Hazard((), confidence=0.7, note=f"{name} can be broken")


def _protocol(call: SinkCall) -> Hazard | None:
    value = call.given(*call.model.arguments[0])
    named = () if value is None else options(value)
    old = [one.path.rpartition(".")[2] for one in named if isinstance(one, Outside)]
    weak = PROTOCOLS.intersection(old)
    return Hazard((), confidence=0.7, note=f"{min(weak)} can be broken") if weak else None


def _used(call: SinkCall) -> Hazard | None:
    mode, vector = (call.given(*selectors) for selectors in call.model.arguments)
    if any(
        isinstance(one, Outside) and one.path.endswith("MODE_ECB") for one in (options(mode) if mode else ())
    ):
        return Hazard((), confidence=0.75, note="equal blocks stay equal under ECB")
    if vector is not None and any(isinstance(one, bytes) for one in known(vector)):
        return Hazard((), confidence=0.7, note="the initialisation vector is always the same")
    return None


RULE = Rule(
    id="weak-cipher",
    cwe=327,
    title="a cipher that can be broken",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Use AES-GCM or ChaCha20-Poly1305 with a fresh nonce, and TLS 1.2 or newer.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
from Crypto.Cipher import DES

def sealed(key, text):
    return DES.new(key, DES.MODE_CBC).encrypt(text)
""",
    "good": """
from Crypto.Cipher import AES

def sealed(key, text):
    return AES.new(key, AES.MODE_CBC).encrypt(text)
""",
    "fixed": """
from Crypto.Cipher import ChaCha20_Poly1305

def sealed(key, text):
    return ChaCha20_Poly1305.new(key=key).encrypt(text)
""",
}
