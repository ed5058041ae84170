"""A watch beside a growing log: does it say what a replay says, does it keep up, and how soon is an alarm told.

A simulated log is written line by line in event time, faster than it happened, while `stillwatch watch` follows
it in a process of its own. An alarm is decided at the end of a tick of event time, so the deciding
exchange is the first whose time lies past that end by the lateness allowed: until it arrives the tick may grow.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.table import Table

from stillwatch.features.key import ENVIRONMENT, KEY_BYTES
from stillwatch.features.sketchlog import TICK
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.trials import Traffic, simulated
from stillwatch.records import StillwatchError, micros_of
from stillwatch.reports import minute
from stillwatch.sources import write

EXCHANGES_PER_SECOND = 3_000
SECONDS_TO_ALARM = 30.0
LATENESS = 120.0  # seconds of event time, the default of `stillwatch watch`
CHUNK_SECONDS = 0.1  # of the writer's clock between two appends
LOOK_SECONDS = 0.02  # between looks at the sink's file
DRAINED_WITHIN = 600.0  # seconds the watch has for what is left when the writer is done
MAIN = "from stillwatch.cli import main; main()"


class Lines(NamedTuple):
    """A log in JSON lines in order of time: where each line ends, and its time in microseconds."""

    path: Path
    ends: np.ndarray
    times: np.ndarray


class Ran(NamedTuple):
    """What came of the live run; seconds are of the machine's clock."""

    exchanges: int
    writing: float
    working: float  # from the first line to the end of the watch
    written_at: np.ndarray  # when each line was written
    told_at: list[float]  # when each alarm stood in the sink's file
    alarms: list[dict[str, object]]


def measure(root: Path, traffic: Traffic, rate: int, tell: Tell) -> Report:
    """Play one simulated log at `rate` exchanges a second."""
    log = simulated(root, traffic, tell)
    lines = _lines(log, root / "lines.jsonl")
    os.environ.setdefault(ENVIRONMENT, secrets.token_hex(KEY_BYTES))
    tell(f"writing {len(lines.times):,} exchanges at {rate:,} a second beside a watch")
    ran = _live(log, lines, root / "live", rate)
    tell("replaying the same log")
    replayed = _replayed(log, root / "replay")
    same = _told(ran.alarms) == _told(replayed)
    waits = _waits(ran, lines)
    kept_up = ran.exchanges / ran.working
    figures: Figures = {
        "exchanges": ran.exchanges,
        "megabytes": int(lines.ends[-1]) / 1e6,
        "written_per_second": ran.exchanges / ran.writing,
        "worked_per_second": kept_up,
        "seconds_behind_at_the_end": ran.working - ran.writing,
        "alarms": len(ran.alarms),
        "alarms_equal_replay": same,
        "seconds_to_alarm": {"median": float(np.median(waits)), "most": max(waits)} if waits else None,
    }
    floors = [
        Floor("live alarms equal those of a replay (1 yes)", float(same and bool(ran.alarms)), 1.0),
        Floor("exchanges per second, sustained", kept_up, EXCHANGES_PER_SECOND),
        Floor(
            "seconds from the deciding exchange to the sink",
            max(waits, default=None),
            SECONDS_TO_ALARM,
            at_least=False,
        ),
    ]
    return Report("live", figures, floors, [traffic.seed], [_table(figures, waits)])


def _lines(log: Path, path: Path) -> Lines:
    table = pa.concat_tables([pq.read_table(file) for file in sorted(log.glob("exchanges*.parquet"))])
    table = table.take(pc.sort_indices(table["ts"]))
    write(table, path)
    data = np.memmap(path, np.uint8, "r")
    return Lines(path, np.flatnonzero(data == ord("\n")) + 1, pc.cast(table["ts"], pa.int64()).to_numpy())


def _live(log: Path, lines: Lines, folder: Path, rate: int) -> Ran:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "log").mkdir(parents=True)
    for name in ("accounts.parquet", "events.parquet"):
        shutil.copy2(log / name, folder / "log" / name)  # with its age: it is whole
    growing, sink = folder / "log" / "exchanges.jsonl", folder / "told.jsonl"
    arguments = [
        *("watch", str(folder / "log"), "--out", str(folder / "out"), "--lateness", f"{LATENESS:g}"),
        *("--alarm-to", f"jsonl:{sink}"),
    ]
    with (folder / "messages").open("wb") as told:
        watch = subprocess.Popen([sys.executable, "-c", MAIN, *arguments], stdout=told, stderr=told)  # noqa: S603 - our own
        try:
            return _played(watch, lines, growing, sink, rate)
        finally:
            watch.kill()
            watch.wait()


def _played(watch: "subprocess.Popen[bytes]", lines: Lines, growing: Path, sink: Path, rate: int) -> Ran:
    out = growing.parents[1] / "out"
    while not (out / "state" / "outbox").exists():
        _alive(watch)
        time.sleep(LOOK_SECONDS)
    written_at = np.full(len(lines.times), np.inf)
    told_at: list[float] = []
    begun, done = time.monotonic(), 0
    with lines.path.open("rb") as source, growing.open("ab", buffering=0) as target:
        while done < len(lines.times):
            due = min(int((time.monotonic() - begun + CHUNK_SECONDS) * rate), len(lines.times))
            target.write(source.read(int(lines.ends[due - 1]) - (int(lines.ends[done - 1]) if done else 0)))
            written_at[done:due] = time.monotonic()
            done = due
            until = begun + done / rate
            while time.monotonic() < until:
                _look(sink, told_at)
                time.sleep(LOOK_SECONDS)
    writing = time.monotonic() - begun
    last = int(lines.times[-1]) // TICK * TICK
    waiting = Waiting(watch, out.with_name("messages"), begun + writing + DRAINED_WITHIN)
    working = waiting.until(last, sink, told_at) - begun
    waiting.until(last + TICK, sink, told_at)  # nothing comes any more, so the last tick ends by itself
    watch.terminate()
    watch.wait()
    _look(sink, told_at)
    alarms = [json.loads(line) for line in sink.read_bytes().splitlines()] if sink.exists() else []
    return Ran(len(lines.times), writing, working, written_at, told_at, alarms)


class Waiting(NamedTuple):
    """For a watch to say that it has closed a tick."""

    watch: "subprocess.Popen[bytes]"
    messages: Path
    deadline: float

    def until(self, end: int, sink: Path, told_at: list[float]) -> float:
        """Wait for the tick that ends at `end`; returns the time of the machine's clock."""
        said = minute(end).encode()
        while said not in self.messages.read_bytes():
            _alive(self.watch)
            if time.monotonic() > self.deadline:
                raise StillwatchError(f"the watch did not come to the end of the log; see {self.messages}")
            _look(sink, told_at)
            time.sleep(LOOK_SECONDS)
        return time.monotonic()


def _alive(watch: "subprocess.Popen[bytes]") -> None:
    if watch.poll() is not None:
        raise StillwatchError(f"the watch ended with exit code {watch.returncode}")


def _look(sink: Path, told_at: list[float]) -> None:
    """Note when alarms came to stand in the sink's file."""
    count = sink.read_bytes().count(b"\n") if sink.exists() else 0
    told_at += [time.monotonic()] * (count - len(told_at))


def _replayed(log: Path, out: Path) -> list[dict[str, object]]:
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-c", MAIN, "detect", str(log), "--out", str(out)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    if ran.returncode > 1:
        raise StillwatchError(f"the replay failed: {ran.stderr.strip()[-500:]}")
    return [json.loads(line) for line in (out / "alarms.jsonl").read_bytes().splitlines()]


def _told(alarms: Sequence[dict[str, object]]) -> list[tuple[object, ...]]:
    """What is compared: everything an alarm says, the evidence to nine digits."""
    names = ("ts", "campaign_id", "kind", "accounts", "exchanges_so_far", "summary")
    return [(*(alarm[name] for name in names), float(f"{alarm['log_e_value']:.9g}")) for alarm in alarms]


def _waits(ran: Ran, lines: Lines) -> list[float]:
    """Seconds from the writing of the deciding exchange to the sink, for each alarm that one decided."""
    out = []
    for alarm, told in zip(ran.alarms, ran.told_at, strict=True):
        decided = micros_of(str(alarm["ts"])) + round(LATENESS * 1e6)
        place = int(np.searchsorted(lines.times, decided))
        if place < len(lines.times):
            out.append(told - float(ran.written_at[place]))
    return out


def _table(figures: Figures, waits: Sequence[float]) -> Table:
    table = Table("figure", "value", title="A watch beside a growing log")
    for name in ("exchanges", "alarms"):
        table.add_row(name, f"{figures[name]:,}")
    for name in ("megabytes", "written_per_second", "worked_per_second", "seconds_behind_at_the_end"):
        table.add_row(name.replace("_", " "), f"{figures[name]:,.1f}")
    if waits:
        table.add_row("seconds to an alarm, median", f"{float(np.median(waits)):.1f}")
        table.add_row("seconds to an alarm, most", f"{max(waits):.1f}")
    return table
