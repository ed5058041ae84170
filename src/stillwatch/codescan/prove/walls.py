"""A child process that runs foreign code behind walls, and the line on which it is talked to.

The code base is copied; the original is never written to, and with namespaces never seen. Whatever the code does (ends
the process, floods its output, forks without end, waits for ever), the answer to a question is an answer in time or none.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stillwatch.codescan.files import LEFT_OUT
from stillwatch.codescan.prove import interpreter
from stillwatch.codescan.prove.launcher import NO_INTERPRETER, REFUSED, TOO_LARGE

INSIDE = Path(__file__).parent / "inside"
LINE_LIMIT = 4_000_000  # bytes of one answer
MEMORY_BYTES = 3 * 2**30  # that all processes inside may hold
LIMITS = {"AS": 4 * 2**30, "FSIZE": 64 * 2**20, "NPROC": 48, "NOFILE": 512}
START_SECONDS = 60.0  # for the copy and the interpreter's start
STOP_SECONDS = 10.0


class CannotRun(Exception):
    """Nothing can be run behind walls here; the text says why."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is run where: a code base (a folder, or one file), an interpreter, and changed files in place of its own.

    `open_ground` is the user's word that code may run without namespaces, where the kernel gives none.
    """

    root: Path
    python: Path
    changed: dict[str, str] = field(default_factory=dict)
    open_ground: bool = False
    seconds: int = 600  # of processor time


class Walled:
    """One child; usable until it dies, which any question may bring about."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.namespaces = not ground.open_ground
        self._room = tempfile.TemporaryDirectory(prefix="stillwatch-run-")
        if os.geteuid() == 0:
            Path(self._room.name).chmod(0o755)  # who runs inside is nobody, and must get in
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._buffer = b""
        self._asked = 0
        self.last: str | None = None
        """What the child said it was about to do last: where it is, when it dies."""
        self._start()

    def _start(self) -> None:
        answers, theirs = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this very Python, with a file of ours
                [
                    sys.executable,
                    "-I",
                    "-S",
                    str(Path(__file__).with_name("launcher.py")),
                    json.dumps(self._spec(theirs)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=(theirs,),
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(theirs)
        self._answers = answers
        setup = {"root": self.code, "guarded": not self.namespaces}
        if self.ask({"do": "start", **setup}, START_SECONDS) is None:
            why = self._why()
            self.stop()
            raise CannotRun(why)

    @property
    def code(self) -> str:
        """Where the copy is, as the code inside sees it."""
        folder = self._folder()
        return str(folder) if self.namespaces else f"{self._room.name}/code"

    def _folder(self) -> Path:
        root = self.ground.root.resolve()
        return root.parent if root.is_file() else root

    def _spec(self, descriptor: int) -> dict[str, Any]:
        root, folder = self.ground.root.resolve(), self._folder()
        python = os.path.abspath(self.ground.python)  # noqa: PTH100 - as in interpreter.py
        needed = [str(one) for one in (*interpreter.folders(self.ground.python), INSIDE)]
        nested = [one for one in needed if Path(one).is_relative_to(folder) and Path(one) != folder]
        shown = [
            one
            for one in needed
            if not Path(one).is_relative_to(folder) and not Path(one).is_relative_to("/usr")
        ]
        home = "/tmp" if self.namespaces else self._room.name  # noqa: S108 - inside, and nobody else's
        return {
            "namespaces": self.namespaces,
            "source": str(folder),
            "only": root.name if root.is_file() else None,
            "code": self.code,
            "room": self._room.name,
            "readable": shown,
            "nested": nested,
            "left_out": sorted(LEFT_OUT),
            "changed": self.ground.changed,
            "limits": {**LIMITS, "CPU": self.ground.seconds},
            "memory": MEMORY_BYTES,
            "program": [python, "-B", "-s", str(INSIDE / "__main__.py"), str(descriptor)],
            "environment": {
                "HOME": home, "TMPDIR": home, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
                "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
            },
        }  # fmt: skip

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """The child's answer; None where it died or was too slow, and then it is no more."""
        self._asked += 1
        line = json.dumps({**question, "number": self._asked}).encode() + b"\n"
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except OSError:  # it died since it was asked last
            return None
        until = time.monotonic() + seconds
        while (answer := self._line(until)) is not None:
            try:
                said = json.loads(answer)
            except ValueError:
                break
            if not isinstance(said, dict):
                break
            if "at" in said:
                self.last = str(said["at"])
            elif said.get("number") == self._asked:
                return said
        self._kill()
        return None

    def _line(self, until: float) -> bytes | None:
        while b"\n" not in self._buffer:
            patience = until - time.monotonic()
            if (
                patience <= 0
                or len(self._buffer) > LINE_LIMIT
                or not select.select([self._answers], [], [], patience)[0]
            ):
                return None
            data = os.read(self._answers, 1 << 16)
            if not data:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _kill(self) -> None:
        """The launcher ends what is inside, and itself."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def _why(self) -> str:
        self._kill()
        self._errors.seek(0)
        said = self._errors.read(2000).decode("utf-8", "replace").strip()
        match self._process.returncode:
            case code if code == REFUSED:
                return f"the kernel refuses namespaces ({said})"
            case code if code == TOO_LARGE:
                return said
            case code if code == NO_INTERPRETER:
                return f"{self.ground.python} cannot be started ({said})"
        return f"{self.ground.python} ended before it could be asked anything (exit code {self._process.returncode})"

    def stop(self) -> None:
        self._kill()
        if self._process.stdin is not None:
            with suppress(OSError):  # what was still to be written has no reader any more
                self._process.stdin.close()
        os.close(self._answers)
        self._errors.close()
        self._room.cleanup()
