"""A watch: the state of one provider's traffic on disk, moved on tick by tick as exchanges arrive.

Nothing but the end of a tick changes the state, and what it changes follows from the journal alone. So a
watch that is killed at any moment goes on from its last snapshot to the same alarms.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.distinct import counted
from stillwatch.features.sketch import SKETCHES
from stillwatch.features.sketchlog import TICK
from stillwatch.features.slicedlog import SLICE, SlicedLog
from stillwatch.records import ACCOUNTS, EVENTS, Alarm, Rejection, UsageError
from stillwatch.runtime.arrivals import Arrivals
from stillwatch.runtime.conclusion import Told
from stillwatch.runtime.ingest import Piece, Settings
from stillwatch.runtime.journal import Journal
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.newcomers import Arriving, Newly
from stillwatch.runtime.snapshot import Given, State, load, save
from stillwatch.sources import Block

KEPT = 360  # ticks: 90 days
REPEATS_WITHIN = 112  # ticks in which a call delivered again is known again: 28 days
SHOWN = 80  # characters of an exchange id in a rejection
PIECE = 200_000  # rows that are sorted, kept and observed together: about 80 MB
SAVE_EVERY = 10.0  # seconds between snapshots at the least: catching up, a watch closes ticks by the second
REJECTED = "rejected.jsonl"
REJECTIONS = 100_000  # kept word by word; the others are counted
SPARED = 8  # ticks beyond those kept, for a conclusion that began before they were over


class Watch:
    """Takes in what streams hand over, and moves the state on when a tick is over.

    Raises StillwatchError where the directory holds a state that cannot be trusted.
    """

    def __init__(self, home: Path, settings: Settings, fdr: float, lateness: float, kept: int = KEPT) -> None:
        """`kept` is for how many ticks sketches stay on disk."""
        self.home, self._kept = home, kept
        self.settings = settings
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.journal = Journal(home / "journal")
        self.log = SlicedLog(home / "sketches")
        given = Given(fdr, settings.drop_fields)
        self.state = load(home, settings.key) or State(Loop(settings.key, fdr, live=True), given)
        _refuse_change(home, self.state.given, given)
        if self.state.arriving is None:
            self.state.arriving = Arriving(self.state.loop, settings.key)
        self.newcomers = Newly(self.state.arriving)
        self.arrivals = Arrivals(lateness, self.state.open_from, time.time())
        self.counts: Counter[str] = Counter(self.journal.commit.counts)
        self.refused: list[Rejection] = []  # since whoever counts them emptied it
        self._unsaved, self._saved_at = False, -SAVE_EVERY
        self._drop_consumed()
        self.arrivals.waiting.update(map(_number, self.journal.names("tick-")))
        for name in self.journal.names("accounts-"):
            for versions in self.journal.read(name, ACCOUNTS):
                self.newcomers.accounts(versions)
        for number in sorted(self.arrivals.waiting):
            for rows in self.journal.read(f"tick-{number:09d}", SKETCHES):
                self.newcomers.exchanges(number, rows)
        self._generation = 1 + max(
            (_number(name) for kind in ("accounts-", "events-") for name in self.journal.names(kind)),
            default=self.state.consumed,
        )

    @property
    def positions(self) -> Mapping[str, str]:
        """Where each stream goes on, by its address."""
        return self.journal.commit.positions

    def take(self, block: Block | Rejection, piece: Piece | None, now: float) -> None:
        """Add what came of one block; it counts from the next `commit` on. `now` in seconds since 1970."""
        rejections = [block] if isinstance(block, Rejection) else list(piece.rejections) if piece else []
        if piece is not None and not isinstance(block, Rejection):
            self.counts.update({f"field:{name}": count for name, count in piece.present.items() if count})
            if piece.kind == "exchanges":
                rejections += self._take_exchanges(block.file, piece.batch, now)
            elif len(piece.batch):
                self.journal.append(f"{piece.kind}-{self._generation:09d}", piece.batch)
                self.counts[piece.kind] += len(piece.batch)
                if piece.kind == "accounts":
                    self.newcomers.accounts(piece.batch)
        self.refused += rejections
        if rejections:
            room = max(REJECTIONS - self.counts["rejected"], 0)
            self.journal.reject(REJECTED, rejections[:room])
            self.counts["rejected"] += len(rejections)

    def _take_exchanges(self, origin: str, batch: pa.RecordBatch, now: float) -> list[Rejection]:
        if not len(batch):
            return []
        cut = self.arrivals.take(batch, now)
        self.counts["read"] += len(batch)
        for number, rows in cut.ticks.items():
            self.journal.append(f"tick-{number:09d}", rows)
            self.newcomers.exchanges(number, rows)
        self.counts["exchanges"] += len(batch) - len(cut.ahead)
        self.counts["late"] += cut.late
        reason = "its time lies more than five minutes ahead of this machine's clock"
        return [Rejection(origin, None, f"exchange {name[:SHOWN]}: {reason}") for name in cut.ahead]

    def commit(self, positions: Mapping[str, str]) -> None:
        """Put everything taken so far on disk, with where the streams are. Raises OSError where the disk is full."""
        self.journal.sync(positions, self.counts)

    def told(self) -> Told:
        """What has been read so far."""
        present = {name.removeprefix("field:"): count for name, count in self.counts.items() if ":" in name}
        return Told(
            files=len(self.positions),
            read=self.counts["read"],
            exchanges=self.counts["exchanges"] - self.state.repeats,
            repeats=self.state.repeats,
            rejected=self.counts["rejected"],
            account_records=self.counts["accounts"],
            present=present,
            events=self.state.events,
        )

    def over(self, now: float, *, pending: bool = False) -> list[int]:
        """Ticks that can be closed, in order; `pending`: streams have more that is known to be waiting."""
        return self.arrivals.over(now, pending=pending)

    def close(self, tick: int) -> list[Alarm]:
        """Make a tick part of the state, all of it being committed; returns the alarms it raises."""
        state, generation = self.state, self._generation
        self._generation += 1
        self._learn(generation)
        due = state.pending_events.filter(pc.less(_micros(state.pending_events), (tick + 1) * TICK))
        state.loop.events(due)
        state.pending_events = state.pending_events.slice(len(due))
        alarms = state.loop.tick(tick, self._placed(tick))
        self.arrivals.close(tick)
        self.newcomers.close(tick, looked=state.loop.looked_at == (tick + 1) * TICK)
        state.open_from, state.consumed = self.arrivals.open_from, generation
        self._unsaved = True
        if time.monotonic() > self._saved_at + SAVE_EVERY:
            self.save()
        return alarms

    def save(self) -> None:
        """Put the state on disk if it has changed; until then a restart would close its latest ticks again."""
        if self._unsaved:
            save(self.state, self.home, self.settings.key)
            self._drop_consumed()
            self.log.drop_before((self.state.open_from or 0) - self._kept - SPARED)
            self._unsaved, self._saved_at = False, time.monotonic()

    def _learn(self, generation: int) -> None:
        """Take accounts and events of the journal up to a generation into the state."""
        for name in self._fresh("accounts-", generation):
            versions = pa.Table.from_batches(self.journal.read(name, ACCOUNTS), ACCOUNTS)
            self.state.loop.ledger.add(versions)
        told = [
            pa.Table.from_batches(self.journal.read(name, EVENTS), EVENTS)
            for name in self._fresh("events-", generation)
        ]
        fresh = self._fresh_events(pa.concat_tables([EVENTS.empty_table(), *told]))
        self.state.events = pa.concat_tables([self.state.events, fresh])
        pending = pa.concat_tables([self.state.pending_events, fresh])
        self.state.pending_events = pending.take(pc.sort_indices(pending["ts"]))

    def _fresh(self, prefix: str, generation: int) -> list[str]:
        """Files of the journal up to a generation that are not part of the state."""
        return [
            name for name in self.journal.names(prefix) if self.state.consumed < _number(name) <= generation
        ]

    def _fresh_events(self, events: pa.Table) -> pa.Table:
        """Events without those told before: a ban delivered twice is one ban."""
        kept = []
        for row, event in enumerate(events.to_pylist()):
            digest = hashlib.blake2b(repr(sorted(event.items())).encode(), digest_size=16).digest()
            if digest not in self.state.told_events:
                self.state.told_events.add(digest)
                kept.append(row)
        return events.take(pa.array(kept, pa.int64()))

    def _placed(self, tick: int) -> Iterator[pa.RecordBatch]:
        """The sketches of a tick, piece by piece in order of time, each call once, put into the log as they pass."""
        self.log.clear(tick)  # of a try that was cut off
        table = pa.Table.from_batches(self.journal.read(f"tick-{tick:09d}", SKETCHES), SKETCHES)
        ids, times = table["id"].to_numpy(), _micros(table).to_numpy()
        kept = _once(ids, times, self.log.known(ids, tick - REPEATS_WITHIN, tick))
        self.state.repeats += len(kept) - int(kept.sum())
        rows = np.flatnonzero(kept)
        rows = rows[np.lexsort((ids[rows], times[rows]))]
        for first, piece in _pieces(rows, times[rows] // SLICE):
            sketches = table.take(pa.array(piece)).combine_chunks()
            self.log.place(first, sketches)
            yield from sketches.to_batches()

    def _drop_consumed(self) -> None:
        consumed = [
            name
            for kind in ("accounts-", "events-")
            for name in self.journal.names(kind)
            if _number(name) <= self.state.consumed
        ]
        opened = self.state.open_from
        if opened is not None:
            consumed += [name for name in self.journal.names("tick-") if _number(name) < opened]
        if consumed:
            self.journal.forget(consumed)


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])


def _refuse_change(home: Path, begun: Given, now: Given) -> None:
    if begun != now:
        fields = ", ".join(sorted(begun.drop_fields)) or "nothing"
        raise UsageError(
            f"{home}: this watch was begun with --fdr {begun.fdr:g} and without {fields};"
            " go on with that, or begin another with a --state of its own"
        )


def _pieces(rows: np.ndarray, slices: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Rows of neighbouring slices together, up to PIECE where a slice is not more by itself; named by the first."""
    numbers, counts = counted(slices)
    begin, size, at = 0, 0, 0
    for number, count in enumerate(counts.tolist()):
        if size and size + count > PIECE:
            yield int(numbers[begin]), rows[at : at + size]
            begin, at, size = number, at + size, 0
        size += count
    if size:
        yield int(numbers[begin]), rows[at:]


def _micros(table: pa.Table) -> pa.ChunkedArray:
    return pc.cast(table["ts"], pa.int64())


def _once(ids: np.ndarray, times: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Bool a row: the earliest of its id, and of no id that is known already."""
    order = np.lexsort((times, ids))
    first = np.ones(len(ids), bool)
    first[order[1:]] = ids[order[1:]] != ids[order[:-1]]
    out: np.ndarray = first & ~np.isin(ids, known)
    return out
