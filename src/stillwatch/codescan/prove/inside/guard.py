"""Without namespaces: what foreign code may do is asked of Python's own audit events.

A weaker wall than the kernel's: code that is not Python, or that reaches the interpreter's memory, gets around it.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

REFUSED = (
    "socket.",
    "ctypes.",
    "os.kill",
    "signal.pthread_kill",
    "os.setuid",
    "os.chroot",
    "ssl.",
    "urllib.",
)
STARTS = frozenset(
    {"os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn"}
)
CHANGES = frozenset({
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime",
    "shutil.rmtree", "shutil.move", "shutil.copyfile",
})  # fmt: skip


def install(root: str) -> None:
    """From here on there is no network, no other program, and no writing outside the copy and the temporary folder."""
    allowed = tuple(os.path.realpath(place) + os.sep for place in (root, os.environ["TMPDIR"]))

    def inside(path: Any) -> bool:
        if isinstance(path, int):
            return True
        return (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(allowed)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.__new__" and arguments[1] == socket.AF_UNIX:
            return  # an event loop talks to itself by a pair of them; to connect one is refused
        if event == "urllib.Request" and str(arguments[0]).startswith("file:"):
            return  # reading a file, which is no way out; that it may be read is what external entities show
        if event.startswith(REFUSED) or event in STARTS:
            raise PermissionError(f"{event} is refused here")
        if event == "open" and arguments[0] is not None and _writes(arguments) and not inside(arguments[0]):
            raise PermissionError(f"{arguments[0]!r} is outside the copy")
        if event in CHANGES and not inside(arguments[0]):
            raise PermissionError(f"{arguments[0]!r} is outside the copy")

    sys.addaudithook(hook)


def _writes(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
