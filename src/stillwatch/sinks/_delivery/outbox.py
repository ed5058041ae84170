"""Delivers the alarms of `alarms.jsonl` to every sink at least once, whatever stops in between."""

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
        self._workers: list[Worker] = []
        for url, sink in opened.items():
            self._refuse_circle(sink)
            counts = Counts(name=name_of(url), scheme=scheme_of(url))
            place = folder / counts.name
            try:
                place.mkdir(parents=True, exist_ok=True)
                self._workers.append(Worker(counts, sink, alarms, place, patience, observe))
            except OSError as error:
                raise StillwatchError(f"{place}: {error.strerror} (errno {error.errno})") from error
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
        return all(done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(0.0)

    def _refuse_circle(self, sink: Sink) -> None:
        if isinstance(sink, LineFile) and sink.path.resolve() == self._alarms.resolve():
            raise UsageError(f"{sink.path}: is the file the alarms come from")


def name_of(url: str) -> str:
    """A stable name that tells nothing of the URL but its scheme."""
    return (
        f"{scheme_of(url).replace('+', '-')}-{sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    )
