"""Replay: a log from files, through the loop, to a directory of findings."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.campaigns.assembly import Attribution
from stillwatch.campaigns.findings import campaigns_of
from stillwatch.campaigns.reference import Known, known_groups
from stillwatch.features.key import load_key
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.records import (
    FLAGS,
    MEMBERS,
    Findings,
    HappenedEvent,
    LogSummary,
    Micros,
    StillwatchError,
    UnreadableInput,
)
from stillwatch.reports import write_all
from stillwatch.runtime.ingest import Intake, Settings, ingest
from stillwatch.runtime.loop import Loop

Progress = Callable[[str, int, int], None]
"""Called with a sentence about the phase, what is done of it, and what there is (0 if unknown)."""


def _silent(_phase: str, _done: int, _all: int) -> None:
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
) -> Findings:
    """Find the campaigns in a log and write the contract's files into `out`, whole or not at all.

    `reference` is a log known to hold no campaign; its groups join those against which clusters are
    judged. `drop_fields` are treated as if no record had them.
    """
    settings = Settings(load_key(out), drop_fields, keep_text)
    work = Path(tempfile.mkdtemp(prefix=".stillwatch-", dir=out.parent))
    try:
        (work / "sketches").mkdir()
        log = SketchLog(work / "sketches")
        intake = ingest(paths, log, work / "rejected.jsonl", settings, _counting(progress))
        if not log.ticks() and intake.rejected:
            raise UnreadableInput(
                f"no exchange could be read: {intake.rejected} records rejected, see stillwatch doctor"
            )
        known = None if reference is None else _known(reference, work, settings)
        loop = Loop(settings.key, fdr, known)
        play(loop, log, intake.accounts, intake.events, progress)
        findings = _conclude(loop, log, intake, work, fdr)
        write_all(findings, out)
    except OSError as error:
        raise StillwatchError(f"{error.filename or out}: {error.strerror}; no result was written") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return findings


def _known(reference: Path, work: Path, settings: Settings) -> Known:
    """What detectors measure in a log without campaigns."""
    (work / "reference").mkdir()
    log = SketchLog(work / "reference")
    intake = ingest([reference], log, work / "reference-rejected.jsonl", settings)
    if not log.ticks():
        raise UnreadableInput(f"{reference}: the reference log holds no exchange that can be read")
    loop = Loop(settings.key, fdr=1.0)
    play(loop, log, intake.accounts, intake.events, then=lambda _tick: None)
    return known_groups(loop.detectors, loop.scene((log.ticks()[-1] + 1) * TICK))


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


def _conclude(loop: Loop, log: SketchLog, intake: Intake, work: Path, fdr: float) -> Findings:
    flags = work / "flags.parquet"
    ticks = log.ticks()
    summary = LogSummary(
        files=intake.files,
        exchanges=intake.exchanges - log.repeats,
        repeats=log.repeats,
        rejected=intake.rejected,
        accounts=0,
        first_ts=None,
        last_ts=None,
        coverage=_coverage(intake),
        unseen=_unseen(loop, intake),
        clusters_tested=len(loop.court.docket.suspects),
        fdr=fdr,
        events=_happened(intake.events),
    )
    if not ticks:
        pq.write_table(FLAGS.empty_table(), flags)
        return Findings(
            log=summary,
            campaigns=[],
            members=MEMBERS.empty_table(),
            flags=flags,
            alarms=[],
            rejected=work / "rejected.jsonl",
        )
    scene = loop.scene((ticks[-1] + 1) * TICK)
    active = scene.exchanges > 0
    summary.accounts = int(active.sum())
    summary.first_ts = Micros(int(scene.first[active].min()))
    summary.last_ts = Micros(int(scene.last[active].max()))
    repeats = log.repeats
    attribution = Attribution(loop.court.docket.campaigns(), loop.interner, scene.exchanges)
    campaigns, members = campaigns_of(loop.court, attribution, scene, log, flags)
    log.repeats = repeats
    return Findings(
        log=summary,
        campaigns=campaigns,
        members=members,
        flags=flags,
        alarms=loop.alarms,
        rejected=work / "rejected.jsonl",
    )


def _coverage(intake: Intake) -> dict[str, float]:
    totals = {True: len(intake.accounts), False: intake.exchanges}
    return {
        name: round(count / totals[name.startswith("account.")], 4)
        for name, count in sorted(intake.present.items())
        if totals[name.startswith("account.")]
    }


def _unseen(loop: Loop, intake: Intake) -> list[str]:
    kinds = set(pc.unique(intake.events["kind"]).to_pylist())
    there = {name for name, count in intake.present.items() if count} | {f"event.{kind}" for kind in kinds}
    out = []
    for detector in loop.detectors.values():
        missing = sorted(detector.needs - there)
        if missing:
            out.append(f"{detector.id} could not be tested in full: the log has no {', '.join(missing)}")
    return out


def _happened(events: pa.Table) -> list[HappenedEvent]:
    rows = events.take(pc.sort_indices(events["ts"])).to_pylist()
    times = pc.cast(events.take(pc.sort_indices(events["ts"]))["ts"], pa.int64()).to_pylist()
    return [
        HappenedEvent(Micros(at), row["kind"], row["model"] or row["account_id"] or row["note"] or "")
        for at, row in zip(times, rows, strict=True)
    ]
