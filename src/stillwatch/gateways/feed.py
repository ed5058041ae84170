"""What a gateway hands on: exchanges by a thread in the background, decisions at once.

A call only puts its exchange into a queue, which is bounded in number and bytes; what does not fit is counted as
`exchanges_dropped` and lost. A queue that is full means that the disk is slower than the traffic.

A decision stronger than observe is handed to the operating system before the call goes on. So none lacks its entry
after the process is killed at any point; a machine that loses power may lose what the kernel had not yet written.

Where nobody takes segments away, exchanges stop at `spool_bytes` and are counted as `exchanges_refused`; decisions
are written on.
"""

import atexit
import os
from collections import deque
from pathlib import Path
from threading import Event, Lock, Thread

import msgspec

from stillwatch.gateways._wire.body import storable
from stillwatch.gateways.exchange import Finished, record
from stillwatch.gateways.spool import Spool, bytes_in
from stillwatch.gateways.trouble import Trouble
from stillwatch.records import TakenDecision

BATCH = 200  # exchanges written at once
LOOK = 0.5  # seconds between two looks at ages and the disk


class FeedLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds of a feed."""

    queued: int = 10_000
    queued_bytes: int = 64 << 20
    segment_bytes: int = 16 << 20
    segment_seconds: float = 5.0
    spool_bytes: int = 4 << 30


class Feed:
    """Writes to a spool directory. Any thread may call it; a forked process goes on with files of its own."""

    def __init__(
        self, folder: Path, trouble: Trouble, limits: FeedLimits | None = None, *, keep_text: bool = True
    ) -> None:
        limits = limits or FeedLimits()
        self._folder = folder
        self._trouble = trouble
        self._limits = limits
        self._keep_text = keep_text
        self._exchanges, self._decisions = (
            Spool(folder, kind, segment_bytes=limits.segment_bytes, segment_seconds=limits.segment_seconds)
            for kind in ("exchanges", "decisions")
        )
        self._queue: deque[Finished] = deque()
        self._bytes = 0
        self._lock = Lock()
        self._wake = Event()
        self._stopping = False
        self._full = False
        self._process = 0
        self._thread: Thread | None = None
        atexit.register(self.close)

    def decided(self, taken: TakenDecision) -> bool:
        """Write an entry; False if it could not be written, which is counted."""
        if self._process != os.getpid():
            with self._lock:
                self._begin()
        try:
            self._decisions.append(storable(taken) + b"\n")
        except OSError as error:
            self._trouble.caught("decision_entry", error)
            return False
        return True

    def finished(self, call: Finished) -> None:
        """Queue an exchange. Never waits for the disk."""
        size = call.size
        with self._lock:
            self._begin()
            fits = len(self._queue) < self._limits.queued and self._bytes + size <= self._limits.queued_bytes
            if fits:
                self._queue.append(call)
                self._bytes += size
        if not fits:
            self._trouble.count("exchanges_dropped")
        elif not self._wake.is_set():
            self._wake.set()

    def close(self) -> None:
        """Write what is queued and close the segments."""
        atexit.unregister(self.close)
        thread = self._thread
        if thread is not None and self._process == os.getpid():
            self._stopping = True
            self._wake.set()
            thread.join(timeout=10.0)
        for spool in (self._exchanges, self._decisions):
            try:
                spool.close()
            except OSError as error:
                self._trouble.caught("spool", error)
        self._thread = None
        self._process = 0

    def _begin(self) -> None:
        """Start the thread if none runs, also anew after a fork, which takes no threads along."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        self._queue = deque()
        self._bytes = 0
        self._stopping = False
        self._wake = Event()
        self._thread = Thread(target=self._run, name="stillwatch-feed", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(LOOK)
            self._wake.clear()
            self._drain()
            self._look()
        self._drain()

    def _drain(self) -> None:
        while True:
            with self._lock:
                calls = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
                self._bytes -= sum(call.size for call in calls)
            if not calls:
                return
            self._write(calls)

    def _write(self, calls: list[Finished]) -> None:
        if self._full:
            self._trouble.count("exchanges_refused", len(calls))
            return
        lines = b"".join(line for call in calls if (line := self._line(call)))
        try:
            self._exchanges.append(lines)
            self._trouble.count("exchanges_written", lines.count(b"\n"))
        except OSError as error:
            self._trouble.caught("spool", error)
            self._trouble.count("exchanges_dropped", len(calls))

    def _line(self, call: Finished) -> bytes:
        try:
            return storable(record(call, keep_text=self._keep_text)) + b"\n"
        except Exception as error:  # noqa: BLE001 - one call whose record fails must not stop the others
            self._trouble.caught("exchange_record", error)
            return b""

    def _look(self) -> None:
        try:
            self._exchanges.tick()
            self._decisions.tick()
            self._full = bytes_in(self._folder) >= self._limits.spool_bytes
        except OSError as error:
            self._trouble.caught("spool", error)
