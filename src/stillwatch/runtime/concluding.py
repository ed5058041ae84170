"""The findings of a running watch, written beside it by a process of its own while the watch goes on.

The same process takes them into the store of cases; where that is down, another one tries again. It gives way to
the watch where there are too few processors for both, and does not outlive it.
"""

import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec
import pyarrow.parquet as pq

from stillwatch.features.key import SketchKey
from stillwatch.features.slicedlog import SLICE, SlicedLog
from stillwatch.records import Findings, StillwatchError
from stillwatch.reports import load as load_findings
from stillwatch.reports import write_all
from stillwatch.runtime.apart import end_with_parent
from stillwatch.runtime.casework import Books, enter
from stillwatch.runtime.conclusion import Told, conclude
from stillwatch.runtime.ingest import LEFT
from stillwatch.runtime.snapshot import load
from stillwatch.runtime.watch import REJECTED, Watch

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess


LOG = logging.getLogger(__name__)
PLACE = ".concluding-"
UNENTERED = 75  # how the process ends where findings are written but the store took no cases
AGAIN = 15.0  # seconds until the store is tried again
GIVES_WAY = 10  # added to the niceness of the process: findings may come later, alarms may not


class Order(msgspec.Struct, frozen=True):
    """What to conclude from, and where to."""

    home: Path  # of the watch
    out: Path
    key: SketchKey
    told: Told
    rejected: int  # bytes of the file of rejections that count
    books: Books | None = None  # where the findings become cases


def order(watch: Watch, out: Path, books: Books | None = None) -> Order:
    """What the watch has to say now, which it saves for that."""
    watch.save()
    length = watch.journal.commit.lengths.get(REJECTED, 0)
    return Order(watch.home, out, watch.settings.key, watch.told(), length, books)


def conclude_now(given: Order) -> Findings | None:
    """Write the findings of the last snapshot; None where no tick is over yet."""
    state = load(given.home, given.key)
    if state is None:
        return None
    log = SlicedLog(given.home / "sketches", before=(state.open_from or 0) // SLICE)
    with TemporaryDirectory(prefix=PLACE, dir=given.home) as name:
        rejected = Path(name) / REJECTED
        _copy(given.home / "journal" / REJECTED, rejected, given.rejected)
        flags = Path(name) / "flags.parquet"
        findings = conclude(state.loop, log, given.told, flags, rejected, closing=False)
        with rejected.open("ab") as file:
            for refused in log.refused:  # the watch finds it set aside, and tells of it from then on
                LOG.warning("%s: %s", refused.file, refused.reason)
                file.write(msgspec.json.encode(refused) + b"\n")
        findings.log.rejected += len(log.refused)
        write_all(findings, given.out)
    return findings


def _copy(source: Path, target: Path, length: int) -> None:
    target.touch()
    if length:
        shutil.copyfile(source, target)
        with target.open("r+b") as file:
            file.truncate(length)


def sweep(home: Path) -> None:
    """Remove what conclusions that were killed left behind."""
    for left in home.glob(f"{PLACE}*"):
        shutil.rmtree(left, ignore_errors=True)


class Concluder:
    """Runs one conclusion at a time in a process of its own; one that is asked for meanwhile comes after it."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._next: Callable[[], Order] | None = None
        self._running: Order | None = None
        self._unentered: tuple[Order, float] | None = (
            None  # findings that the store did not take, and until when it rests
        )

    def ask(self, orders: Callable[[], Order]) -> None:
        """Conclude as soon as nothing else is being concluded; `orders` is called when that begins.

        A snapshot is written for each order, so none is made for a conclusion that a later one replaces.
        """
        self._next = orders
        self.step()

    def step(self) -> bool:
        """Start what waits; true where a conclusion has ended since the last call."""
        ended = self._process is not None and not self._process.is_alive()
        if self._process is not None and ended:
            if self._process.exitcode == UNENTERED and self._running is not None:
                self._unentered = (self._running, time.monotonic() + AGAIN)
            elif self._process.exitcode:
                LOG.warning(
                    "the findings could not be written; they are tried again after the next alarm or day"
                )
            self._process = None
        if self._process is None and self._next is not None:
            self._start(_run, self._next())
            self._next = None
        elif self._process is None and self._unentered and time.monotonic() >= self._unentered[1]:
            self._start(_enter_again, self._unentered[0])
        return ended

    def _start(self, work: Callable[[Order], None], given: Order) -> None:
        self._running, self._unentered = given, None
        self._process = get_context("spawn").Process(target=_apart, args=(work, given), daemon=True)
        with _left_to_the_watch():
            self._process.start()

    def finish(self, timeout: float | None = None) -> None:
        """Wait for the one that runs, and drop the one that waits.

        It is killed after `timeout` seconds, and at once where the wait is interrupted.
        """
        self._next = None
        if self._process is None:
            return
        try:
            self._process.join(timeout)
        finally:
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
                self._process = None
        if self._process is not None:
            self.step()


@contextmanager
def _left_to_the_watch() -> Iterator[None]:
    """A process that is started here never sees the signals that its group gets, not even while it imports."""
    resource_tracker.ensure_running()  # started with the process it would unblock them
    before = signal.pthread_sigmask(signal.SIG_BLOCK, LEFT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _apart(work: Callable[[Order], None], given: Order) -> None:
    """What the process runs."""
    end_with_parent()
    os.nice(GIVES_WAY)
    work(given)


def _run(given: Order) -> None:
    findings = conclude_now(given)
    if findings is not None and given.books is not None:
        try:
            enter(given.books, findings.campaigns, findings.members)
        except StillwatchError:  # the watch looks at the store as well, and says what is wrong with it
            sys.exit(UNENTERED)


def _enter_again(given: Order) -> None:
    """Take the findings that lie in the directory into the store."""
    assert given.books is not None
    _, campaigns = load_findings(given.out)
    try:
        enter(given.books, campaigns, pq.read_table(given.out / "members.parquet"))
    except StillwatchError:
        sys.exit(UNENTERED)
