"""The name of a temporary file before there is one: others of the machine can put a file or link there first."""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known

SHARED = ("/tmp/", "/var/tmp/")  # noqa: S108 - what is looked for


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path == "open":
        return _shared(call)
    return Hazard((), confidence=0.65, note=f"{call.path} gives a name that others can take first")


def _shared(call: SinkCall) -> Hazard | None:
    """A fixed name in the folder all users share, opened to be written."""
    names, modes = known(call.given(0, "file")), known(call.given(1, "mode"))
    fixed = any(isinstance(name, str) and name.startswith(SHARED) for name in names)
    written = any(isinstance(mode, str) and not mode.startswith("r") and "x" not in mode for mode in modes)
    return (
        Hazard((), confidence=0.4, note="a fixed name that others can take first")
        if fixed and written
        else None
    )


RULE = Rule(
    id="insecure-temporary-file",
    cwe=377,
    title="a temporary file that others can be faster with",
    cvss="CVSS:4.0/AV:L/AC:H/AT:P/PR:L/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Use tempfile.NamedTemporaryFile or tempfile.mkstemp, which open it.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import tempfile

def keep(text):
    with open(tempfile.mktemp(), "w") as file:
        file.write(text)
""",
    "good": """
import tempfile

def keep(text):
    with tempfile.TemporaryFile("w") as file:
        file.write(text)
""",
    "fixed": """
import tempfile

def keep(text):
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)
""",
}
