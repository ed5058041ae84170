"""Others' data in a command line: they run programs of their own.

Seen: text given to a shell (`os.system`, `shell=True`, `sh -c`), and data that decides which program is run. Not weak:
data as one argument of a program that is named in the code, without a shell.
"""

from __future__ import annotations

import itertools
import shlex

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, breaks_out
from stillwatch.codescan.engine.heap import ListObject
from stillwatch.codescan.engine.sinks import text_of
from stillwatch.codescan.engine.values import Constant, Ref, Tuple, Value, is_text

PROGRAM, SUBSTITUTED = "/tmp/evil", "$(id)"  # noqa: S108 - a name that no program has
SHELLS = (
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "ash",
    "cmd",
    "cmd.exe",
    "powershell",
    "pwsh",
    "env",
    "ssh",
    "su",
    "sudo",
    "xargs",
)


def _hazard(call: SinkCall) -> Hazard | None:
    command = call.given(*call.model.arguments[0])
    if command is None:
        return None
    shell = call.given("shell", 8)
    by_shell = call.path in SHELL_CALLS or (isinstance(shell, Constant) and bool(shell.value))
    if by_shell:
        return Hazard((command,))
    items = _items(command, call)
    if items is None:
        return (
            Hazard((command,), confidence=0.5) if not is_text(command) else Hazard((command,), confidence=0.7)
        )
    if not items:
        return None
    program, _ = text_of(items[0], call.state)
    if program.rpartition("/")[2].lower() in SHELLS:
        return Hazard(tuple(items))
    return Hazard((items[0],))


SHELL_CALLS = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell",
     "commands.getoutput", "popen2.popen2", "pty.spawn"}
)  # fmt: skip


def _items(value: Value, call: SinkCall) -> list[Value] | None:
    if isinstance(value, Tuple):
        return list(value.items)
    if isinstance(value, Ref):
        thing = call.state.thing(value.address)
        if isinstance(thing, ListObject) and thing.items is not None:
            return list(thing.items)
    return None


def _runs(text: str, payload: str) -> bool:
    """Whether a shell would run the payload's program: it stands as a word of its own, or is substituted."""
    if payload == PROGRAM:
        return text.split("\n", maxsplit=1)[0].split(" ", maxsplit=1)[0] == PROGRAM
    if payload not in text:
        return False
    if payload == SUBSTITUTED:
        return breaks_out(text.replace('"', ""), payload)
    words = shlex.shlex(text, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    try:
        found = list(words)
    except ValueError:  # quotes that do not end: the payload ended one
        return True
    return any(
        separator in {";", "|"} and program == "id" for separator, program in itertools.pairwise(found)
    )


RULE = Rule(
    id="command-injection",
    cwe=78,
    title="others' data in a command line",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    advice="Run the program with a list of arguments and without a shell.",
    payloads=("; id #", ";id", "'; id #", '"; id #', SUBSTITUTED, PROGRAM),
    bites=_runs,
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import os
from flask import Flask, request

app = Flask(__name__)

@app.route("/ping")
def ping():
    os.system("ping -c 1 " + request.args["host"])
    return "done"
""",
    "good": """
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.route("/ping")
def ping():
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]], check=False)
    return "done"
""",
    "fixed": """
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.route("/ping")
def ping():
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]], check=False)
    return "done"
""",
}
