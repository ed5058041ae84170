"""MD5, SHA-1 and other hashes that collisions are known for.

More likely where the statement or its function speaks of secrets; a pattern where a hash may only name things.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, about_secrets
from stillwatch.codescan.engine.values import Constant, Outside, options

BROKEN = frozenset({"md2", "md4", "md5", "sha1", "sha", "ripemd160", "mdc2"})


def _hazard(call: SinkCall) -> Hazard | None:
    security = call.given("usedforsecurity")
    if isinstance(security, Constant) and security.value is False:
        return None
    name = call.path.removesuffix(".new").rpartition(".")[2].lower()
    name = "new" if name == "hashlib" else name
    if call.path.startswith("hmac."):
        return _keyed(call)
    if name in {"new", "pbkdf2_hmac", "file_digest"}:
        chosen = call.given(*call.model.arguments[0])
        known = (
            [option.value for option in options(chosen) if isinstance(option, Constant)]
            if chosen is not None
            else []
        )
        name = next(
            (
                str(one).lower().replace("-", "")
                for one in known
                if str(one).lower().replace("-", "") in BROKEN
            ),
            "",
        )
    if name not in BROKEN:
        return None
    sure = 0.65 if about_secrets(call) else 0.45
    return Hazard((), confidence=sure, note=f"{name} is broken for signatures and secrets")


def _keyed(call: SinkCall) -> Hazard | None:
    chosen = call.given(*call.model.arguments[0])
    named = {
        str(one.value) if isinstance(one, Constant) else one.path.rpartition(".")[2]
        for one in (options(chosen) if chosen is not None else ())
        if isinstance(one, Constant | Outside)
    }
    weak = {one.lower() for one in named} & (BROKEN - {"sha1"})
    return Hazard((), confidence=0.45, note=f"{min(weak)} is broken for signatures") if weak else None


RULE = Rule(
    id="weak-hash",
    cwe=328,
    title="a hash that collisions are known for",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Use SHA-256 or better, a password hash for passwords; say usedforsecurity=False where it only names things.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import hashlib

def fingerprint(password):
    return hashlib.new("md5", password.encode()).hexdigest()
""",
    "good": """
import hashlib

def etag(body):
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
""",
    "fixed": """
import hashlib

def fingerprint(password):
    return hashlib.new("sha256", password.encode()).hexdigest()
""",
}
