"""SSH to whatever answers: the key of the other side is not checked, so that whoever is on the way can be it."""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.heap import path_of
from stillwatch.codescan.engine.values import options

TRUSTING = ("AutoAddPolicy", "WarningPolicy")


def _hazard(call: SinkCall) -> Hazard | None:
    value = call.given(*call.model.arguments[0])
    if value is None:
        return None
    if call.path.startswith("asyncssh."):
        return Hazard((), confidence=0.7, note="known_hosts is off") if None in known(value) else None
    names = [path_of(option, call.state).removesuffix("()") for option in options(value)]
    trusting = next((name for name in names if name.endswith(TRUSTING)), None)
    return None if trusting is None else Hazard((), confidence=0.7, note=f"{trusting} takes any key")


RULE = Rule(
    id="host-key-not-checked",
    cwe=322,
    title="SSH without a check of the host's key",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N",
    advice="Load the known hosts and keep RejectPolicy.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import paramiko

def connected(host):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(host)
    return client
""",
    "good": """
import paramiko

def connected(host):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.connect(host)
    return client
""",
    "fixed": """
import paramiko

def connected(host):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(host)
    return client
""",
}
