"""Text that a language model wrote is run: as Python, by a shell, or as the name of a program.

Who can write anything the model reads (a page, a mail, a ticket) decides what it writes. Seen: answers of clients of
models, and parameters of tools that a model calls. SQL, files and addresses from a model are found by the rules for these.
"""

from __future__ import annotations

from dataclasses import replace

from stillwatch.codescan import commandlines
from stillwatch.codescan.checks import FROM_A_MODEL, Hazard, Rule, SinkCall, breaks_out

COMMANDS = 78
CODE = "__import__('os').system('id')"
PYTHON = frozenset({"eval", "exec", "compile", "langchain_experimental.utilities.PythonREPL.run"})


def _hazard(call: SinkCall) -> Hazard | None:
    if call.path in PYTHON:
        return Hazard(call.dangerous())
    found = commandlines.hazard(call)
    return None if found is None else replace(found, cwe=COMMANDS)


def _runs(text: str, payload: str) -> bool:
    return breaks_out(text, payload) if payload == CODE else commandlines.runs(text, payload)


RULE = Rule(
    id="model-output-run",
    cwe=94,
    title="text of a language model is run",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H",
    advice="Run it in a sandbox without network and secrets, or let the model choose from functions of yours.",
    payloads=(CODE, *commandlines.PAYLOADS),
    bites=_runs,
    hazard=_hazard,
    accepts=FROM_A_MODEL,
)

EXAMPLES = {
    "bad": """
import subprocess
from mcp.server.fastmcp import FastMCP

server = FastMCP("shell")

@server.tool()
def run(command: str) -> str:
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout
""",
    "good": """
import subprocess
from mcp.server.fastmcp import FastMCP

server = FastMCP("shell")

@server.tool()
def log(lines: int) -> str:
    return subprocess.run(f"tail -n {lines} /var/log/app.log", shell=True, capture_output=True, text=True).stdout
""",
    "fixed": """
import subprocess
from mcp.server.fastmcp import FastMCP

server = FastMCP("shell")
COMMANDS = {"disk": ["df", "-h"], "time": ["date"]}

@server.tool()
def run(command: str) -> str:
    return subprocess.run(COMMANDS[command], capture_output=True, text=True).stdout
""",
}
