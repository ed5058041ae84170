"""Delivers the alarms of `alarms.jsonl` to every sink at least once, whatever stops in between."""

import fcntl
import os
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from stillwatch.records import StillwatchError, UsageError
from stillwatch.sinks._delivery.address import scheme_of
from stillwatch.sinks._delivery.catalogue import open_sink
from stillwatch.sinks._delivery.interface import Sink
from stillwatch.sinks._delivery.line_file import LineFile
from stillwatch.sinks._delivery.lines import whole_end
from stillwatch.sinks._delivery.patience import PATIENCE, Patience
from stillwatch.sinks._delivery.worker import Counts, Observer, Outcome, Worker


def _unobserved(_scheme: str, _outcome: Outcome) -> None:
    """Nobody counts along."""


class Outbox:
    """One thread a sink, each at its own place in the file: one that is down holds back no other.

    `folder` keeps a directory a sink: `cursor.json`, how far it has come, and `dead.jsonl`, what was given up.
    Only one process may use it at a time. A sink without a cursor begins with the alarms of the last day.
    """

    def __init__(
        self,
        alarms: Path,
        folder: Path,
        urls: Sequence[str],
        *,
        patience: Patience = PATIENCE,
        observe: Observer = _unobserved,
    ) -> None:
        """Open all sinks, then start. Raises UsageError, InvalidConfiguration or UnreadableInput before that."""
        self._alarms = alarms
        opened = {url: open_sink(url) for url in dict.fromkeys(urls)}
        for sink in opened.values():
            self._refuse_circle(sink)
        self._lock: int | None = _locked(folder)
        self._workers: list[Worker] = []
        try:
            for url, sink in opened.items():
                counts = Counts(name=name_of(url), scheme=scheme_of(url))
                place = folder / counts.name
                place.mkdir(exist_ok=True)
                self._workers.append(Worker(counts, sink, alarms, place, patience, observe))
        except BaseException as error:
            self._unlock()
            if isinstance(error, OSError):
                raise _cannot_keep(folder, error) from error
            raise
        for worker in self._workers:
            worker.start()

    def wake(self) -> None:
        """Say that alarms were appended. Without it they are found within a second."""
        for worker in self._workers:
            worker.wake()

    def counts(self) -> list[Counts]:
        """What became of the alarms, a record for each sink in the order of the URLs."""
        return [worker.counts() for worker in self._workers]

    def close(self, timeout: float) -> bool:
        """Deliver what is in the file by now, for up to `timeout` seconds, and end; whether all was delivered.

        What is left is delivered by the next process that opens the same folder.
        """
        deadline = time.monotonic() + timeout
        end = whole_end(self._alarms)
        self.wake()
        done = [worker.reached(end, max(0.0, deadline - time.monotonic())) for worker in self._workers]
        for worker in self._workers:
            worker.stop(max(0.1, deadline - time.monotonic()))
        self._unlock()
        return all(done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(0.0)

    def _unlock(self) -> None:
        """Not while a thread is still sending: it would move its cursor under another outbox."""
        if self._lock is not None and not any(worker.alive for worker in self._workers):
            os.close(self._lock)
            self._lock = None

    def _refuse_circle(self, sink: Sink) -> None:
        if isinstance(sink, LineFile) and sink.path.resolve() == self._alarms.resolve():
            raise UsageError(f"{sink.path}: is the file the alarms come from")


def _locked(folder: Path) -> int:
    """The descriptor that holds the lock of the folder; the system lets it go when the process dies.

    A lock of the process, not of the descriptor: forked readers of logs that outlive it do not hold it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _cannot_keep(folder, error) from error
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise UsageError(f"{folder}: another process delivers alarms from here") from error
    return descriptor


def _cannot_keep(folder: Path, error: OSError) -> StillwatchError:
    return StillwatchError(f"{error.filename or folder}: {error.strerror} (errno {error.errno})")


def name_of(url: str) -> str:
    """A stable name that tells nothing of the URL but its scheme."""
    return (
        f"{scheme_of(url).replace('+', '-')}-{sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    )
