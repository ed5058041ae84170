"""What a run concludes at some moment: the state of the loop, told in the records of the output contract."""

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.campaigns.assembly import Attribution
from stillwatch.campaigns.findings import campaigns_of
from stillwatch.features.sketchlog import TICK, Sketches
from stillwatch.records import FLAGS, MEMBERS, Findings, HappenedEvent, LogSummary, Micros
from stillwatch.runtime.loop import Loop


class Told(msgspec.Struct):
    """What was read, beside the sketches."""

    files: int
    read: int  # exchanges, those that came again or lay ahead of the clock among them
    exchanges: int  # each call once
    repeats: int
    rejected: int
    account_records: int
    present: dict[str, int]  # field, or account.field: records that carry it
    events: pa.Table  # schema EVENTS


def conclude(
    loop: Loop, log: Sketches, told: Told, flags: Path, rejected: Path, *, closing: bool
) -> Findings:
    """State every campaign; writes the attributed exchanges to `flags`.

    `closing` tests the clusters of the moment once more, since the log ends here: see Court.close.
    """
    ticks = log.ticks()
    summary = LogSummary(
        files=told.files,
        exchanges=told.exchanges,
        repeats=told.repeats,
        rejected=told.rejected,
        accounts=0,
        first_ts=None,
        last_ts=None,
        coverage=_coverage(told),
        unseen=_unseen(loop, told),
        clusters_tested=len(loop.court.docket.tested()),
        fdr=loop.court.docket.fdr,
        events=_happened(told.events),
    )
    if not ticks:
        pq.write_table(FLAGS.empty_table(), flags)
        return Findings(
            log=summary,
            campaigns=[],
            members=MEMBERS.empty_table(),
            flags=flags,
            alarms=[],
            rejected=rejected,
        )
    scene = loop.scene((ticks[-1] + 1) * TICK)
    active = scene.exchanges > 0
    summary.accounts = int(active.sum())
    summary.first_ts = Micros(int(scene.first[active].min()))
    summary.last_ts = Micros(int(scene.last[active].max()))
    if closing:
        loop.court.close(scene)
    attribution = Attribution(
        loop.court.docket.standing(), loop.interner, scene.exchanges, scene.table.shows("text")
    )
    campaigns, members = campaigns_of(loop.court, attribution, scene, log, flags)
    return Findings(
        log=summary,
        campaigns=campaigns,
        members=members,
        flags=flags,
        alarms=loop.alarms,
        rejected=rejected,
    )


def _coverage(told: Told) -> dict[str, float]:
    totals = {True: told.account_records, False: told.read}
    return {
        name: round(count / totals[name.startswith("account.")], 4)
        for name, count in sorted(told.present.items())
        if totals[name.startswith("account.")]
    }


def _unseen(loop: Loop, told: Told) -> list[str]:
    kinds = set(pc.unique(told.events["kind"]).to_pylist())
    there = {name for name, count in told.present.items() if count} | {f"event.{kind}" for kind in kinds}
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
