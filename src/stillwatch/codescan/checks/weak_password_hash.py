"""Passwords kept by a hash that is fast to compute: who gets the hashes tries billions a second.

Seen: SHA-2, SHA-3 and BLAKE2 where the statement speaks of a password, key derivation with few rounds, or with a salt that
stands in the code.
"""

from __future__ import annotations

import re

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known

PASSWORD = re.compile(r"(?i)passw(or)?d|passphrase|\bpwd\b")
ROUNDS = 100_000


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path == "hashlib.pbkdf2_hmac":
        rounds = [one for one in known(call.given(3, "iterations")) if isinstance(one, int)]
        if rounds and max(rounds) < ROUNDS:
            return Hazard((), confidence=0.6, note=f"{max(rounds)} rounds are few")
        if any(isinstance(one, bytes) for one in known(call.given(2, "salt"))):
            return Hazard((), confidence=0.5, note="the salt is always the same", cwe=760)
        return None
    speaks = call.given(0, "data", "string") is not None and PASSWORD.search(call.around.partition("\n")[2])
    if not speaks:
        return None
    named = call.path.rpartition(".")[2] in call.around  # else it is handed over, often to be hashed again
    return Hazard((), confidence=0.6 if named else 0.4, note=f"{call.path} is fast")


RULE = Rule(
    id="weak-password-hash",
    cwe=916,
    title="a password kept by a fast hash",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N",
    advice="Use hashlib.scrypt, or argon2, with a random salt for each password.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import hashlib

def kept(password):
    return hashlib.sha256(password.encode()).hexdigest()
""",
    "good": """
import hashlib

def name_of(content):
    return hashlib.sha256(content).hexdigest()
""",
    "fixed": """
import hashlib
import os

def kept(password):
    salt = os.urandom(16)
    return salt + hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
""",
}
