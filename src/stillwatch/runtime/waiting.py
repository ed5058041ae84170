"""Exchanges in the journal that are not yet part of the state: which file each goes into, and how they come out again.

A tick has one file while it is small. What comes beyond that goes into a file for each slice of its time, so
that a stretch of a long tick is read without the rest. Of a stretch only times and ids are held in memory, 24 bytes
an exchange; the sketches are fetched piece by piece, in order.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from stillwatch.features.distinct import counted, distinct, grouped
from stillwatch.features.sketch import SKETCHES
from stillwatch.features.sketchlog import TICK
from stillwatch.features.slicedlog import SLICE
from stillwatch.records import Rejection
from stillwatch.runtime.journal import Damaged, Journal

SMALL = 64 << 20  # bytes of a tick's own file: 150,000 exchanges
PIECE = 200_000  # rows that are sorted, kept and observed together: about 80 MB
WHOLE = (
    4  # times the rows that are fetched of a batch, up to which it is copied whole: one copy of all is faster
)
_TICK, _SLICE = "tick-", "slice-"


class Stretch:
    """Exchanges of a stretch of time, in the order in which they came."""

    def __init__(self, messages: Sequence[pa.Buffer], begin: int, end: int) -> None:
        """Those of encoded batches (schema SKETCHES) with times in [begin, end), microseconds."""
        self._messages = messages
        ids, times, which, rows = [], [], [], []
        for number, message in enumerate(messages):
            batch = pa.ipc.read_record_batch(message, SKETCHES)
            at = batch.column("ts").cast(pa.int64()).to_numpy()
            inside = np.flatnonzero((at >= begin) & (at < end))
            ids.append(batch.column("id").to_numpy()[inside])
            times.append(at[inside])
            which.append(np.full(len(inside), number, np.int32))
            rows.append(inside.astype(np.int32))
        self.ids = np.concatenate([np.zeros(0, np.uint64), *ids])
        self.times = np.concatenate([np.zeros(0, np.int64), *times])
        self._which = np.concatenate([np.zeros(0, np.int32), *which])
        self._rows = np.concatenate([np.zeros(0, np.int32), *rows])

    def __len__(self) -> int:
        return len(self.ids)

    def once(self, known: np.ndarray) -> np.ndarray:
        """Exchanges in order of time and then of id: the earliest of each id, and of none that is known already."""
        order = np.lexsort((self.times, self.ids))
        ids = self.ids[order]
        first = np.ones(len(ids), bool)
        first[1:] = ids[1:] != ids[:-1]
        fresh = order[first & ~np.isin(ids, known)]
        out: np.ndarray = fresh[np.lexsort((self.ids[fresh], self.times[fresh]))]
        return out

    def fetch(self, chosen: np.ndarray) -> pa.Table:
        """The sketches of chosen exchanges, in the order in which they are named."""
        by_batch = grouped(self._which[chosen])
        parts, place, before = [], np.empty(len(chosen), np.int64), 0
        for number, mine in zip(by_batch.values, np.split(by_batch.order, by_batch.starts[1:]), strict=True):
            batch = pa.ipc.read_record_batch(self._messages[number], SKETCHES)
            rows = self._rows[chosen[mine]]
            if len(batch) > WHOLE * len(rows):
                batch, rows = batch.take(pa.array(rows)), np.arange(len(rows))
            parts.append(batch)
            place[mine] = before + rows
            before += len(batch)
        return pa.Table.from_batches(parts, SKETCHES).combine_chunks().take(pa.array(place)).combine_chunks()


class Waiting:
    """The part of a journal that holds exchanges."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def add(self, tick: int, batch: pa.RecordBatch) -> None:
        """Put exchanges of one tick (schema SKETCHES) into the journal."""
        if self._journal.size(_file(_TICK, tick)) < SMALL:
            self._journal.append(_file(_TICK, tick), batch)
            return
        slices = batch.column("ts").cast(pa.int64()).to_numpy() // SLICE
        for number in distinct(slices).tolist():
            self._journal.append(
                _file(_SLICE, number), batch.take(pa.array(np.flatnonzero(slices == number)))
            )

    def ticks(self) -> set[int]:
        """Ticks that have files."""
        slices = {number * SLICE // TICK for _, number in self._files(_SLICE)}
        return slices | {number for _, number in self._files(_TICK)}

    def all(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """All exchanges and their ticks, as far as they can be read."""
        files = [(number, name) for name, number in self._files(_TICK)]
        files += [(number * SLICE // TICK, name) for name, number in self._files(_SLICE)]
        for tick, name in sorted(files):
            try:
                for batch in self._journal.read(name, SKETCHES):
                    yield tick, batch
            except Damaged:
                continue  # told of when it is taken in

    def weight(self, begin: int, end: int) -> int:
        """Bytes in the files of slices of [begin, end), microseconds, where a slice begins and ends."""
        return sum(self._journal.size(name) for name in _slices(begin, end))

    def cuts(self, begin: int, end: int, most: int) -> Iterator[tuple[int, int]]:
        """A stretch of time in parts whose files of slices have `most` bytes, where a slice has not more by itself."""
        size = 0
        for start in range(begin, end, SLICE):
            more = self.weight(start, start + SLICE)
            if size and size + more > most:
                yield begin, start
                begin, size = start, 0
            size += more
        yield begin, end

    def stretch(self, begin: int, end: int) -> tuple[Stretch, list[Rejection]]:
        """The committed exchanges of a stretch of time within one tick, and what was damaged of them."""
        messages: list[pa.Buffer] = []
        refused = []
        for name in [_file(_TICK, begin // TICK), *_slices(begin, end)]:
            try:
                messages += self._journal.messages(name)
            except Damaged as error:
                refused.append(error.rejection)
        return Stretch(messages, begin, end), refused

    def before(self, time: int) -> list[str]:
        """Files that hold nothing of this time or later."""
        ends = {name: (number + 1) * TICK for name, number in self._files(_TICK)}
        ends |= {name: (number + 1) * SLICE for name, number in self._files(_SLICE)}
        return [name for name, end in ends.items() if end <= time]

    def _files(self, kind: str) -> Iterator[tuple[str, int]]:
        return ((name, int(name.removeprefix(kind))) for name in self._journal.names(kind))


def pieces(rows: np.ndarray, slices: np.ndarray) -> Iterator[tuple[int, list[np.ndarray]]]:
    """Rows of neighbouring slices together, up to PIECE, named by the first; a slice that has more comes in pieces."""
    numbers, counts = counted(slices)
    begin, size, at = 0, 0, 0
    for number, count in enumerate(counts.tolist()):
        if size and size + count > PIECE:
            yield int(numbers[begin]), _cut(rows[at : at + size])
            begin, at, size = number, at + size, 0
        size += count
    if size:
        yield int(numbers[begin]), _cut(rows[at:])


def _cut(rows: np.ndarray) -> list[np.ndarray]:
    return [rows[start : start + PIECE] for start in range(0, len(rows), PIECE)]


def _file(kind: str, number: int) -> str:
    return f"{kind}{number:09d}"


def _slices(begin: int, end: int) -> list[str]:
    return [_file(_SLICE, number) for number in range(begin // SLICE, end // SLICE)]
