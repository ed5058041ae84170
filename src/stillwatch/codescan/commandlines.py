"""What of a call that runs a program decides what is run, and when text that arrives there runs something else."""

from __future__ import annotations

import itertools
import re
import shlex

from stillwatch.codescan.checks import Hazard, SinkCall, breaks_out
from stillwatch.codescan.engine.heap import ListObject
from stillwatch.codescan.engine.sinks import text_of
from stillwatch.codescan.engine.values import Constant, Ref, Tuple, Value, is_text

PROGRAM, SUBSTITUTED = "/tmp/evil", "$(id)"  # noqa: S108 - a name that no program has
PAYLOADS = ("; id #", ";id", "'; id #", '"; id #', SUBSTITUTED, PROGRAM)
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


def hazard(call: SinkCall) -> Hazard | None:
    """Weak if others' data is in what a shell reads, or names the program."""
    command = call.given(*call.model.arguments[0])
    if command is None:
        return None
    shell = call.given("shell", 8)
    by_shell = call.path in SHELL_CALLS or (isinstance(shell, Constant) and bool(shell.value))
    if by_shell:
        return Hazard((command,))
    items = list(call.arguments[VARIADIC[call.path] :]) if call.path in VARIADIC else _items(command, call)
    if items is None:
        return (
            Hazard((command,), confidence=0.5) if not is_text(command) else Hazard((command,), confidence=0.7)
        )
    if not items:
        return None
    program, _ = text_of(items[0], call.state)
    if program.rpartition("/")[2].lower() in SHELLS:
        return Hazard(_script(items, call))
    return Hazard((items[0],))


def _script(items: list[Value], call: SinkCall) -> tuple[Value, ...]:
    """What a shell reads as commands: what follows `-c`, where that is given; all else is text to it."""
    for place, item in enumerate(items[1:-1], 1):
        flag, known = text_of(item, call.state)
        if known and FLAG.fullmatch(flag):
            return (items[place + 1],)
        if known and not flag.startswith("-"):
            break
    return tuple(items)


VARIADIC = {
    "asyncio.create_subprocess_exec": 0,
    "os.execl": 0,
    "os.execlp": 0,
    "os.spawnl": 1,
    "os.spawnlp": 1,
}
"""Functions that take a program and its arguments one by one, from this place on."""
FLAG = re.compile(r"-[a-z]*c")
SHELL_CALLS = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell",
     "commands.getoutput", "popen2.popen2", "pty.spawn", "invoke.run", "invoke.Context.run", "fabric.Connection.run",
     "paramiko.SSHClient.exec_command"}
)  # fmt: skip


def _items(value: Value, call: SinkCall) -> list[Value] | None:
    if isinstance(value, Tuple):
        return list(value.items)
    if isinstance(value, Ref):
        thing = call.state.thing(value.address)
        if isinstance(thing, ListObject) and thing.items is not None:
            return list(thing.items)
    return None


def runs(text: str, payload: str) -> bool:
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
