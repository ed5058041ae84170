"""Files that every user of the machine may change.

Seen where the mode is fixed in the code. Where the process's mask takes the right away again (`os.makedirs`, `os.open`) it is less sure.
"""

from __future__ import annotations

import re

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known

LITERAL = re.compile(r"\b0o?[0-7]{3,4}\b|S_I[RWX]|\b(?:511|438)\b")
OTHERS_WRITE = 0o002
MASKED = frozenset({"os.mkdir", "os.makedirs", "os.open", "os.mkfifo", "pathlib.Path.mkdir"})


def _hazard(call: SinkCall) -> Hazard | None:
    modes = [mode for mode in known(call.given(*call.model.arguments[0])) if isinstance(mode, int)]
    if not modes:
        return None
    if call.path == "os.umask":
        asked = "= os.umask" in call.around  # to set it back
        return (
            Hazard((), confidence=0.5, note="no right is taken away") if modes == [0] and not asked else None
        )
    if not all(mode & OTHERS_WRITE for mode in modes):
        return None
    written = LITERAL.search(call.around) is not None
    sure = 0.45 if call.path in MASKED or not written else 0.65
    return Hazard((), confidence=sure, note=f"mode {modes[0]:o}: others may write")


RULE = Rule(
    id="wide-permissions",
    cwe=732,
    title="a file that everybody on the machine may change",
    cvss="CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:L/VI:H/VA:N/SC:N/SI:N/SA:N",
    advice="Give rights to those who need them: 0o600 for files, 0o700 for folders.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import os

def keep(path):
    os.chmod(path, 0o777)
""",
    "good": """
import os

def keep(path):
    os.chmod(path, 0o755)
""",
    "fixed": """
import os

def keep(path):
    os.chmod(path, 0o600)
""",
}
