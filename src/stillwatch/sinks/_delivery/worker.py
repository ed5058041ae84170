"""One sink's own thread: reads alarms in order, tries each until it is delivered or dead, and keeps count."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from stillwatch.records import Micros, Notice, clean, rfc3339
from stillwatch.sinks._delivery.cursor import load, save
from stillwatch.sinks._delivery.interface import NotNow, Refused, Sink
from stillwatch.sinks._delivery.lines import Line, append_lines, next_line, whole_end
from stillwatch.sinks._delivery.patience import Patience
from stillwatch.sinks._delivery.record import encoded, read

if TYPE_CHECKING:
    from stillwatch.records.ocsf import Json

POLL = 1.0  # seconds after which the file is looked at unasked
HISTORY = 86_400_000_000  # microseconds before a sink was new from which alarms still go to it
LOG = logging.getLogger("stillwatch.sinks")

Outcome = Literal["delivered", "failed", "dead"]
Observer = Callable[[str, Outcome], None]  # a sink's scheme, and what came of a try


class Counts(msgspec.Struct, kw_only=True):
    """Since the process began. `failed` counts tries, the others alarms."""

    name: str
    scheme: str
    delivered: int = 0
    failed: int = 0
    dead: int = 0
    lag: float = 0.0  # seconds since the oldest alarm still to be delivered was written down


class Worker:
    """Delivers the lines of `alarms` to one sink; `folder` keeps its cursor and its dead letters."""

    def __init__(
        self, counts: Counts, sink: Sink, alarms: Path, folder: Path, patience: Patience, observe: Observer
    ) -> None:
        self._counts, self._sink, self._alarms = counts, sink, alarms
        self._cursor_file, self._dead_file = folder / "cursor.json", folder / "dead.jsonl"
        self._patience, self._observe = patience, observe
        self._cursor = load(self._cursor_file, _now())
        save(self._cursor_file, self._cursor)
        self._saved = self._cursor
        self._head: Micros | None = None  # when the alarm at hand was written down
        self._stopped, self._awake = threading.Event(), threading.Event()
        self._moved = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"stillwatch {counts.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._awake.set()

    def stop(self, timeout: float) -> None:
        """Let go of the alarm at hand, unless it is being sent right now, and end."""
        self._stopped.set()
        self._awake.set()
        self._thread.join(timeout)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def reached(self, offset: int, timeout: float) -> bool:
        """Whether everything before `offset` is done with and noted, waiting for it up to `timeout` seconds."""
        with self._moved:
            return self._moved.wait_for(lambda: self._saved.offset >= offset, timeout)

    def counts(self) -> Counts:
        head = self._head
        lag = 0.0 if head is None else max(0.0, (_now() - head) / 1e6)
        return msgspec.structs.replace(self._counts, lag=lag)

    def _run(self) -> None:
        troubles = 0
        while not self._stopped.is_set():
            try:
                busy = self._step()
                troubles = 0
            except OSError as error:  # of our own files: a full disk
                troubles += 1
                self._failed(f"{error.filename or self._alarms}: {error.strerror} (errno {error.errno})")
                self._stopped.wait(self._patience.wait(troubles))
                continue
            if not busy:
                self._awake.wait(POLL)
                self._awake.clear()

    def _step(self) -> bool:
        """Finish one alarm. False where there is none."""
        self._save()
        line = next_line(self._alarms, self._cursor.offset)
        if line is None:
            self._head = None
            self._check_length()
            return False
        if self._finish(line):
            self._cursor = msgspec.structs.replace(
                self._cursor, alarms=self._cursor.alarms + 1, offset=line.end
            )
            self._save()
        return True

    def _save(self) -> None:
        """Keep the cursor if it has moved. What is delivered stays so when this fails: the next step saves it."""
        if self._saved == self._cursor:
            return
        save(self._cursor_file, self._cursor)
        with self._moved:
            self._saved = self._cursor
            self._moved.notify_all()

    def _check_length(self) -> None:
        """A file that has become shorter is another one: it is read from its start."""
        if whole_end(self._alarms) < self._cursor.offset:
            LOG.warning("%s: %s became shorter; it is read from its start", self._counts.name, self._alarms)
            self._cursor = msgspec.structs.replace(self._cursor, alarms=0, offset=0)

    def _finish(self, line: Line) -> bool:
        """Whether the alarm is done with; False when the worker was stopped before."""
        if not line.text.strip():
            return True
        try:
            notice = read(line.text)
        except ValueError as error:
            self._bury(line, f"not a notice: {clean(str(error))}")
            return True
        if notice.written_at < self._cursor.since - HISTORY:
            return True
        self._head = notice.written_at
        return self._deliver(notice, line)

    def _deliver(self, notice: Notice, line: Line) -> bool:
        begun, tries, answers = time.monotonic(), 0, 0
        while not self._stopped.is_set():
            try:
                self._sink.deliver(notice)
            except Refused as error:
                self._bury(line, str(error))
                return True
            except NotNow as error:
                failure = error
            except Exception as error:  # the boundary to a plug-in
                LOG.debug("%s", self._counts.name, exc_info=True)
                failure = NotNow(f"the sink {self._counts.name} raised {type(error).__name__}", answered=True)
            else:
                self._counts.delivered += 1
                self._observe(self._counts.scheme, "delivered")
                return True
            self._failed(str(failure))
            tries += 1
            answers += failure.answered
            if answers >= self._patience.answers or time.monotonic() - begun >= self._patience.give_up:
                self._bury(line, f"given up after {tries} tries: {failure}")
                return True
            self._stopped.wait(max(failure.after, self._patience.wait(tries)))
        return False

    def _failed(self, reason: str) -> None:
        self._counts.failed += 1
        self._observe(self._counts.scheme, "failed")
        LOG.warning("%s: alarm %d: %s", self._counts.name, self._cursor.alarms + 1, reason)

    def _bury(self, line: Line, reason: str) -> None:
        """Keep a dead letter. OSError while it cannot be kept: then the alarm is not done with."""
        record: Json = {
            "at": rfc3339(_now()),
            "sink": self._counts.name,
            "number": self._cursor.alarms + 1,
            "reason": reason,
            "line": line.text.decode("utf-8", "backslashreplace"),
        }
        append_lines(self._dead_file, encoded(record) + b"\n")
        self._counts.dead += 1
        self._observe(self._counts.scheme, "dead")
        LOG.error("%s: alarm %d is a dead letter: %s", self._counts.name, self._cursor.alarms + 1, reason)


def _now() -> Micros:
    return Micros(time.time_ns() // 1000)
