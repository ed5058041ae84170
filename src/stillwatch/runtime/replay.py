"""Replay: a log from files, through the loop, to a directory of findings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch import sources
from stillwatch.campaigns.reference import Known, known_groups
from stillwatch.features.key import KEY_FILE, load_key
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.records import (
    Findings,
    Rejection,
    StillwatchError,
    UnreadableInput,
    UsageError,
)
from stillwatch.reports import write_all
from stillwatch.runtime.conclusion import Told, conclude
from stillwatch.runtime.ingest import Intake, Settings, find_log, ingest
from stillwatch.runtime.loop import Loop

REJECTED = "rejected.jsonl"

Progress = Callable[[str, int, int], None]
"""Called with a sentence about the phase, what is done of it, and what there is (0 if unknown)."""


def _silent(_phase: str, _done: int, _all: int) -> None:
    """Say nothing."""


def _unseen(_found: sources.Found) -> None:
    """Say nothing."""


def detect(
    paths: Sequence[Path],
    out: Path,
    *,
    fdr: float = 0.01,
    reference: Path | None = None,
    drop_fields: frozenset[str] = frozenset(),
    keep_text: bool = False,
    progress: Progress = _silent,
    noticed: Callable[[sources.Found], None] = _unseen,
) -> Findings:
    """Find the campaigns in a log and write the contract's files into `out`, whole or not at all.

    `reference` is a log known to hold no campaign; its groups join those against which clusters are
    judged. `drop_fields` are treated as if no record had them. `noticed` is called
    with the files that were found, before they are read.
    """
    found = find_log(paths)
    noticed(found)
    benign = None if reference is None else find_log([reference])
    try:
        with _workplace(out) as work:
            settings = Settings(load_key(out), drop_fields, keep_text)
            known, skipped = (None, 0) if benign is None else _known(benign, work, settings)
            (work / "sketches").mkdir()
            log = SketchLog(work / "sketches")
            intake = ingest(found, log, work / REJECTED, settings, _counting(progress))
            if not log.ticks() and intake.refusal:
                raise UnreadableInput(_all_refused(intake, intake.refusal))
            intake.rejected += skipped
            loop = Loop(settings.key, fdr, known)
            play(loop, log, intake.accounts, intake.events, progress)
            told = _told(intake, log)
            findings = conclude(loop, log, told, work / "flags.parquet", work / REJECTED, closing=True)
            write_all(findings, out)
    except OSError as error:
        reason = f"{error.filename or out}: {error.strerror or error}"
        raise StillwatchError(f"{reason}; no result was written") from error
    return findings


@contextmanager
def _workplace(out: Path) -> Iterator[Path]:
    """A directory on the file system of `out`, gone afterwards; of a run that fails nothing stays in `out`.

    Raises UsageError where `out` is no directory or cannot be written.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; the result needs a directory")
    missing = [path for path in (out, *out.parents) if not path.exists()]
    had_key = (out / KEY_FILE).exists()
    try:
        home = out if out.is_dir() else out.parent
        home.mkdir(parents=True, exist_ok=True)
        work = TemporaryDirectory(prefix=".stillwatch-", dir=home, ignore_cleanup_errors=True)
    except OSError as error:
        raise UsageError(f"{out}: the result cannot be written there: {error.strerror}") from error
    try:
        with work as name:
            yield Path(name)
    except BaseException:
        if not had_key:
            (out / KEY_FILE).unlink(missing_ok=True)
        # another run that failed may have removed the directory, and this one made it anew
        if had_key and not missing:
            missing.append(out)
        for path in missing:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
        raise


def _all_refused(intake: Intake, first: Rejection) -> str:
    where = first.file if first.line is None else f"{first.file}:{first.line}"
    others = f", and {intake.rejected - 1:,} more rejections" if intake.rejected > 1 else ""
    return f"no exchange could be read: {where}: {first.reason}{others}"


def _known(found: sources.Found, work: Path, settings: Settings) -> tuple[Known, int]:
    """What detectors measure in a log without campaigns, and how many of its records were rejected."""
    (work / "reference").mkdir()
    log = SketchLog(work / "reference")
    intake = ingest(found, log, work / REJECTED, settings)
    if not log.ticks():
        why = _all_refused(intake, intake.refusal) if intake.refusal else "it holds no exchange"
        raise UnreadableInput(f"the reference log cannot be used: {why}")
    loop = Loop(settings.key, fdr=1.0)
    play(loop, log, intake.accounts, intake.events, then=lambda _tick: None)
    known = known_groups(loop.detectors, loop.scene((log.ticks()[-1] + 1) * TICK))
    return known, intake.rejected


def _counting(progress: Progress) -> Callable[[str, int], None]:
    read = 0

    def count(_file: str, size: int) -> None:
        nonlocal read
        read += size
        progress("reading", read, 0)

    return count


def play(
    loop: Loop,
    log: SketchLog,
    accounts: pa.Table,
    events: pa.Table,
    progress: Progress = _silent,
    *,
    then: Callable[[int], object] | None = None,
) -> None:
    """Feed a sealed log through the loop tick by tick, with what was known of accounts and events by then.

    `then` is called after each tick in place of the loop's own look at the population.
    """
    loop.ledger.add(accounts)
    events = events.take(pc.sort_indices(events["ts"]))
    times = pc.cast(events["ts"], pa.int64()).to_numpy()
    ticks = log.ticks()
    told = 0
    for done, tick in enumerate(ticks, 1):
        due = int(np.searchsorted(times, (tick + 1) * TICK))
        loop.events(events.slice(told, due - told))
        told = due
        if then is None:
            loop.tick(tick, log.read(tick))
        else:
            loop.observe(tick, log.read(tick))
            then(tick)
        progress("looking", done, len(ticks))


def _told(intake: Intake, log: SketchLog) -> Told:
    return Told(
        files=intake.files,
        read=intake.exchanges,
        exchanges=intake.exchanges - log.repeats,
        repeats=log.repeats,
        rejected=intake.rejected,
        account_records=len(intake.accounts),
        present=intake.present,
        events=intake.events,
    )
