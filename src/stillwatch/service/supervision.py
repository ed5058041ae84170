"""The watch beside the service: a process of its own, started again when it dies, ended when the service ends.

A service that was killed leaves its watch running. The next one ends that watch before it starts its own: the state
of a watch is held by one process, whose id its lock names.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event, Thread

from stillwatch.runtime.lock import holder

FIRST, LONGEST = 1.0, 60.0  # seconds before it is started again: the first time, and at the most
STEADY = 60.0  # seconds after which a watch that ran so long has failed for a new reason
LEAVE = 90.0  # seconds that a watch has to save its state and deliver alarms
FOUND = 1  # how a watch ends that is asked to, where it has found campaigns
SKIPPED = 3  # and where it has rejected records
LOG = logging.getLogger("stillwatch.service")
COMMAND = (sys.executable, "-c", "from stillwatch.cli import main; main()", "watch")


class Supervisor:
    """Looks after one watch."""

    def __init__(
        self,
        arguments: Sequence[str],
        home: Path,
        started: Callable[[], None],
        *,
        environment: Mapping[str, str] | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """`home` is the state of the watch. What `environment` adds is not seen in lists of processes."""
        self._command = [*command, *arguments]
        self._environment = {**os.environ, **(environment or {})}
        self._home = home
        self._started = started
        self._stop = Event()
        self._trouble: str | None = "the watch has not been started yet"
        self._thread = Thread(target=self._run, name="stillwatch-supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def trouble(self) -> str | None:
        """Why the watch does not run, or None."""
        return self._trouble or (None if holder(self._home) else "the watch is starting")

    def close(self) -> None:
        """End the watch, with its state saved."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        wait = FIRST
        while not self._stop.is_set():
            _end_left(self._home, self._stop)
            begun = time.monotonic()
            code = self._watch()
            if self._stop.is_set():
                return
            wait = FIRST if time.monotonic() - begun > STEADY else min(wait * 2, LONGEST)
            self._trouble = f"the watch ended with {code}; it is started again"
            LOG.warning("%s in %.0f seconds", self._trouble, wait)
            self._stop.wait(wait)

    def _watch(self) -> int:
        """Run the watch until it ends, or until it is to end."""
        try:
            process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
                self._command,
                stdin=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,  # an interrupt of the terminal reaches the service, which ends it in order
            )
        except OSError as error:
            LOG.warning("the watch cannot be started: %s", error)
            return error.errno or 1
        self._trouble = None
        self._started()
        while process.poll() is None:
            if self._stop.wait(0.2):
                return _ended(process)
        return process.returncode


def _ended(process: "subprocess.Popen[bytes]") -> int:
    process.terminate()
    try:
        code = process.wait(LEAVE)
    except subprocess.TimeoutExpired:
        LOG.warning(
            "the watch did not end within %.0f seconds and is killed; it goes on from its last commit", LEAVE
        )
        process.kill()
        code = process.wait()
    if code not in (0, FOUND, SKIPPED):
        LOG.warning("the watch ended with %d", code)
    return code


def _end_left(home: Path, stop: Event) -> None:
    """End the watch that a killed service has left on this state."""
    until = time.monotonic() + LEAVE
    asked: int | None = None
    while (process := holder(home)) is not None and not stop.is_set():
        late = time.monotonic() > until
        if process != asked or late:
            LOG.warning("ending process %d, which another service has left on %s", process, home)
            try:
                os.kill(process, signal.SIGKILL if late else signal.SIGTERM)
            except ProcessLookupError:
                continue
            asked = process
        stop.wait(0.2)
