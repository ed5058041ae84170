"""The findings of a running watch, written beside it by a process of its own while the watch goes on."""

import logging
import shutil
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from stillwatch.features.key import SketchKey
from stillwatch.features.slicedlog import SlicedLog
from stillwatch.records import Findings
from stillwatch.reports import write_all
from stillwatch.runtime.conclusion import Told, conclude
from stillwatch.runtime.ingest import leave_signals
from stillwatch.runtime.snapshot import load
from stillwatch.runtime.watch import REJECTED, Watch

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess


LOG = logging.getLogger(__name__)
PLACE = ".concluding-"


class Order(msgspec.Struct, frozen=True):
    """What to conclude from, and where to."""

    home: Path  # of the watch
    out: Path
    key: SketchKey
    told: Told
    rejected: int  # bytes of the file of rejections that count


def order(watch: Watch, out: Path) -> Order:
    """What the watch has to say now, which it saves for that."""
    watch.save()
    length = watch.journal.commit.lengths.get(REJECTED, 0)
    return Order(watch.home, out, watch.settings.key, watch.told(), length)


def conclude_now(given: Order) -> Findings | None:
    """Write the findings of the last snapshot; None where no tick is over yet."""
    state = load(given.home, given.key)
    if state is None:
        return None
    log = SlicedLog(given.home / "sketches", before=state.open_from)
    with TemporaryDirectory(prefix=PLACE, dir=given.home) as name:
        rejected = Path(name) / REJECTED
        _copy(given.home / "journal" / REJECTED, rejected, given.rejected)
        flags = Path(name) / "flags.parquet"
        findings = conclude(state.loop, log, given.told, flags, rejected, closing=False)
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
        self._next: Order | None = None

    def ask(self, given: Order) -> None:
        """Conclude as soon as nothing else is being concluded."""
        self._next = given
        self.step()

    def step(self) -> bool:
        """Start what waits; true where a conclusion has ended since the last call."""
        ended = self._process is not None and not self._process.is_alive()
        if self._process is not None and ended:
            if self._process.exitcode:
                LOG.warning(
                    "the findings could not be written; they are tried again after the next alarm or day"
                )
            self._process = None
        if self._process is None and self._next is not None:
            self._process = get_context("spawn").Process(target=_run, args=(self._next,), daemon=True)
            self._process.start()
            self._next = None
        return ended

    def finish(self) -> None:
        """Wait for the one that runs, and drop the one that waits."""
        self._next = None
        if self._process is not None:
            self._process.join()
            self.step()


def _run(given: Order) -> None:
    leave_signals()
    conclude_now(given)
