"""A watch: the state of one provider's traffic on disk, moved on tick by tick as exchanges arrive.

A stretch of time is taken into the state when nothing of it is waited for any more: a tick at once, or in parts
where much comes. What the state becomes follows from the journal alone. So a watch that is killed at any moment goes
on from its last snapshot to the same alarms.
"""

import hashlib
import logging
import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.sightings import signed_up
from stillwatch.features.sketchlog import TICK
from stillwatch.features.slicedlog import SLICE, SlicedLog
from stillwatch.records import ACCOUNTS, EVENTS, Alarm, Micros, Rejection, UsageError
from stillwatch.runtime.arrivals import Arrivals
from stillwatch.runtime.conclusion import Told
from stillwatch.runtime.ingest import Piece, Settings
from stillwatch.runtime.journal import Damaged, Journal
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.newcomers import Arriving, Newly
from stillwatch.runtime.signups import SignUps
from stillwatch.runtime.snapshot import Given, State, load, save
from stillwatch.runtime.waiting import Waiting, pieces
from stillwatch.runtime.whereabouts import Whereabouts
from stillwatch.sources import Block

LOG = logging.getLogger(__name__)
KEPT = 360  # ticks: 90 days
REPEATS_WITHIN = 112  # ticks in which a call delivered again is known again: 28 days
SHOWN = 80  # characters of an exchange id in a rejection
MUCH, MOST = 96 << 20, 2 << 30  # bytes of the journal: what is taken in before its tick is over, and at once
KNOWN_SHARE = 16  # what is taken in early weighs this part of the ids it is compared with, so that reading those is little
SAVE_EVERY = 10.0  # seconds between snapshots at the least: catching up, a watch closes ticks by the second
SAVE_SHARE = 20.0  # a snapshot may take a twentieth of the time
REJECTED = "rejected.jsonl"
REJECTIONS = 100_000  # kept word by word; the others are counted
SPARED = 8  # ticks beyond those kept, for a conclusion that began before they were over
PER_TICK = TICK // SLICE


class Watch:
    """Takes in what streams hand over, and moves the state on when a tick is over.

    Raises StillwatchError where the directory holds a state that cannot be trusted.
    """

    def __init__(
        self,
        home: Path,
        settings: Settings,
        fdr: float,
        lateness: float,
        kept: int = KEPT,
        *,
        weighs_signups: bool = False,
    ) -> None:
        """`kept` is for how many ticks sketches stay on disk."""
        self.home, self._kept = home, kept
        self.settings = settings
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.journal = Journal(home / "journal")
        self.waiting = Waiting(self.journal)
        self.log = SlicedLog(home / "sketches")
        given = Given(fdr, settings.drop_fields)
        self.state = load(home, settings.key) or State(Loop(settings.key, fdr, live=True), given)
        _refuse_change(home, self.state.given, given)
        if self.state.arriving is None:
            self.state.arriving = Arriving(self.state.loop, settings.key)
        self.newcomers = Newly(self.state.arriving)
        if weighs_signups and self.state.signups is None:
            self.state.signups = SignUps(settings.key)
        if settings.gazetteer is not None and self.state.whereabouts is None:
            self.state.whereabouts = Whereabouts()
        self.arrivals = Arrivals(lateness, self.state.open_from, time.time())
        self.counts: Counter[str] = Counter(self.journal.commit.counts)
        self.refused: list[Rejection] = []  # since whoever counts them emptied it
        self._unsaved, self._save_from = False, -math.inf  # of the monotonic clock
        self._drop_consumed()
        self.arrivals.waiting.update(self.waiting.ticks())
        for name in self.journal.names("accounts-"):
            for versions in self._journaled(name, ACCOUNTS):
                self._meet(versions)
        for number, rows in self.waiting.all():
            self.newcomers.exchanges(number, rows)
        self._generation = 1 + max(
            (_number(name) for kind in ("accounts-", "events-") for name in self.journal.names(kind)),
            default=self.state.consumed,
        )

    @property
    def whereabouts(self) -> Whereabouts | None:
        """Where accounts are used from. What a watch gathered that is begun again without regions is kept, and waits."""
        return None if self.settings.gazetteer is None else self.state.whereabouts

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
                    self._meet(piece.batch)
        self._refuse(rejections)

    def _meet(self, versions: pa.RecordBatch) -> None:
        """Account records, for those who do not wait for the end of a tick."""
        self.newcomers.accounts(versions)
        if self.state.signups is not None:
            self.state.signups.observe(versions)
        if self.whereabouts is not None and self.settings.gazetteer is not None:
            addresses, ranges = self.settings.gazetteer.opened()
            self.whereabouts.accounts(signed_up(versions, addresses=addresses, ranges=ranges))

    def _refuse(self, rejections: list[Rejection]) -> None:
        self.refused += rejections
        if rejections:
            room = max(REJECTIONS - self.counts["rejected"], 0)
            self.journal.reject(REJECTED, rejections[:room])
            self.counts["rejected"] += len(rejections)

    def _refuse_file(self, refused: Rejection) -> None:
        """Count a file of the watch's own that cannot be read, once however often it is met."""
        if not self.counts[f"unreadable:{refused.file}"]:
            self.counts[f"unreadable:{refused.file}"] = 1
            self._refuse([refused])
            LOG.warning("%s: %s", refused.file, refused.reason)

    def _take_exchanges(self, origin: str, batch: pa.RecordBatch, now: float) -> list[Rejection]:
        if not len(batch):
            return []
        cut = self.arrivals.take(batch, now)
        self.counts["read"] += len(batch)
        for number, rows in cut.ticks.items():
            self.waiting.add(number, rows)
            self.newcomers.exchanges(number, rows)
        self.counts["exchanges"] += len(batch) - len(cut.ahead)
        self.counts["late"] += cut.late
        reason = "its time lies more than five minutes ahead of this machine's clock"
        return [Rejection(origin, None, f"exchange {name[:SHOWN]}: {reason}") for name in cut.ahead]

    def commit(self, positions: Mapping[str, str]) -> None:
        """Put everything taken so far on disk, with where the streams are. Raises OSError where the disk is full."""
        for path in self.log.unreadable():
            self._refuse_file(
                Rejection(str(path), None, "cannot be read: sketches that are damaged are set aside")
            )
        self.journal.sync(positions, self.counts)

    def told(self) -> Told:
        """What has been read so far."""
        present = {
            name.removeprefix("field:"): count
            for name, count in self.counts.items()
            if name.startswith("field:")
        }
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
        self._take_in(tick, (tick + 1) * TICK)
        alarms = self.state.loop.end(tick)
        self.arrivals.close(tick)
        if self.state.signups is not None:
            self.state.signups.advance(Micros((tick + 1) * TICK))
        if self.whereabouts is not None:
            self.whereabouts.advance(Micros((tick + 1) * TICK))
        self.newcomers.close(tick, looked=self.state.loop.looked_at == (tick + 1) * TICK)
        self._unsaved = True
        self._save_in_time()
        return alarms

    def ahead(self, now: float, *, pending: bool) -> None:
        """Make part of the state what the open tick holds and nothing is waited for, if it is much.

        So little is left to do when the tick is over, however much came in it.
        """
        if self.arrivals.waiting:
            tick = min(self.arrivals.waiting)
            begin, end = self._begin(tick), (tick + 1) * TICK
            stop = min(self.arrivals.settled(now, pending=pending) // SLICE * SLICE, end)
            weight = self.waiting.weight(begin, stop)
            if weight >= MUCH and weight >= self._worth(stop):
                self._take_in(tick, stop)
                self._save_in_time()

    def _begin(self, tick: int) -> int:
        return max(self.state.open_from or 0, tick * TICK)

    def _worth(self, stop: int) -> int:
        """Bytes of the journal for which ids that came before are read through; little before a tick's last slice."""
        if (stop + SLICE) % TICK == 0:
            return MUCH
        known = self.log.held(self._known_since(stop), stop // SLICE) * np.uint64().itemsize
        return min(max(MUCH, known // KNOWN_SHARE), MOST)

    @staticmethod
    def _known_since(time: int) -> int:
        return (time // TICK - REPEATS_WITHIN) * PER_TICK

    def _take_in(self, tick: int, end: int) -> None:
        """Make what a tick holds before a time part of the state, with what was told of accounts and events by now."""
        for begin, stop in self.waiting.cuts(self._begin(tick), end, MOST):
            self._learn(self._generation, tick)
            self.state.loop.take(tick, self._placed(begin, stop))
            self.arrivals.open_from = self.state.open_from = stop
            self.state.consumed = self._generation
            self._generation += 1
            self._unsaved = True

    def _save_in_time(self) -> None:
        if time.monotonic() > self._save_from:
            self.save()

    def save(self) -> None:
        """Put the state on disk if it has changed; until then a restart would close its latest ticks again."""
        if self._unsaved:
            begun = time.monotonic()
            save(self.state, self.home, self.settings.key)
            self._drop_consumed()
            self.log.drop_before((self.state.open_from or 0) // SLICE - (self._kept + SPARED) * PER_TICK)
            took = time.monotonic() - begun
            self._unsaved, self._save_from = False, begun + max(SAVE_EVERY, SAVE_SHARE * took)

    def _learn(self, generation: int, tick: int) -> None:
        """Take accounts and events of the journal up to a generation into the state."""
        state = self.state
        for name in self._fresh("accounts-", generation):
            state.loop.ledger.add(pa.Table.from_batches(self._journaled(name, ACCOUNTS), ACCOUNTS))
        told = [
            pa.Table.from_batches(self._journaled(name, EVENTS), EVENTS)
            for name in self._fresh("events-", generation)
        ]
        fresh = self._fresh_events(pa.concat_tables([EVENTS.empty_table(), *told]))
        if len(fresh):
            state.events = pa.concat_tables([state.events, fresh]).combine_chunks()
            pending = pa.concat_tables([state.pending_events, fresh])
            state.pending_events = pending.take(pc.sort_indices(pending["ts"])).combine_chunks()
        due = state.pending_events.filter(pc.less(_micros(state.pending_events), (tick + 1) * TICK))
        state.loop.events(due)
        state.pending_events = state.pending_events.slice(len(due))

    def _journaled(self, name: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.journal.read(name, schema)
        except Damaged as error:
            self._refuse_file(error.rejection)

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

    def _placed(self, begin: int, end: int) -> Iterator[pa.RecordBatch]:
        """The sketches of a stretch, piece by piece in order of time, each call once, put into the log as they pass."""
        self.log.clear_from(begin // SLICE)  # of a try that was cut off
        stretch, refused = self.waiting.stretch(begin, end)
        for one in refused:
            self._refuse_file(one)
        chosen = stretch.once(self.log.known(stretch.ids, self._known_since(begin), begin // SLICE))
        self.state.repeats += len(stretch) - len(chosen)
        for first, parts in pieces(chosen, stretch.times[chosen] // SLICE):
            for piece in self.log.place(first, map(stretch.fetch, parts)):
                for batch in piece.to_batches():
                    if self.whereabouts is not None:
                        self.whereabouts.exchanges(batch)
                    yield batch
        self._note_unreadable()

    def _note_unreadable(self) -> None:
        for refused in self.log.refused:
            self._refuse_file(refused)
        self.log.refused.clear()

    def _drop_consumed(self) -> None:
        consumed = [
            name
            for kind in ("accounts-", "events-")
            for name in self.journal.names(kind)
            if _number(name) <= self.state.consumed
        ]
        consumed += self.waiting.before(self.state.open_from or 0)
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


def _micros(table: pa.Table) -> pa.ChunkedArray:
    return pc.cast(table["ts"], pa.int64())
