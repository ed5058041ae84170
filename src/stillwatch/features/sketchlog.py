"""Sketches on disk, cut into ticks of event time: what a replay reads, and what a rule can be tried on again."""

import contextlib
import glob
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.features.distinct import distinct, grouped
from stillwatch.features.sketch import SKETCHES
from stillwatch.records import StillwatchError

TICK = 6 * 3_600_000_000  # microseconds; ticks start at multiples of this since 1970
BUFFERED_ROWS = 150_000  # rows kept in memory before they are written: about 60 MB


class Sketches(Protocol):
    """Sketches that lie ready tick by tick."""

    def ticks(self) -> list[int]:
        """Ticks that hold sketches, in order; tick k covers [k * TICK, (k + 1) * TICK)."""

    def read(self, tick: int) -> Iterable[pa.RecordBatch]:
        """All sketches of a tick, in order of time and then of id, each call once."""


class SketchLog:
    """A directory of Parquet files, one or more a tick. Rows may come in any order and more than once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._buffer: dict[int, list[pa.RecordBatch]] = {}
        self._buffered = 0
        self._parts: dict[int, list[Path]] = {}
        self._again: pa.Table | None = None  # calls delivered under several ticks, with their first time
        self.repeats = 0

    def append(self, batch: pa.RecordBatch) -> None:
        """Add sketches (schema SKETCHES) of any times."""
        ticks = batch.column("ts").cast(pa.int64()).to_numpy() // TICK
        for tick in distinct(ticks):
            rows = np.flatnonzero(ticks == tick)
            piece = batch if len(rows) == len(batch) else batch.take(pa.array(rows))
            self._buffer.setdefault(int(tick), []).append(piece)
        self._buffered += len(batch)
        if self._buffered >= BUFFERED_ROWS:
            self._flush()

    def seal(self) -> None:
        """Write what is buffered and find calls delivered again under another tick.

        Raises OSError where the disk is full, StillwatchError where the search for repeats is out of room.
        """
        self._flush()
        if len(self._parts) < 2:
            return
        files = [glob.escape(str(path)) for paths in self._parts.values() for path in paths]
        limits: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "500MB",
            "threads": 2,
            "temp_directory": str(self._directory / "spill"),
        }
        try:
            with contextlib.closing(duckdb.connect(config=limits)) as database:
                self._again = database.sql(
                    "SELECT id, min(ts) AS first FROM read_parquet(?) GROUP BY id HAVING count(*) > 1 AND min(ts) < max(ts)",
                    params=[files],
                ).to_arrow_table()
        except duckdb.OperationalError as error:
            raise StillwatchError(f"the search for repeated calls ran out of room: {error}") from error

    def ticks(self) -> list[int]:
        """Ticks that hold sketches, in order; tick k covers [k * TICK, (k + 1) * TICK)."""
        return sorted(self._parts)

    def read(self, tick: int) -> list[pa.RecordBatch]:
        """All sketches of a tick, in order of time and then of id, each call once."""
        table = pa.concat_tables([pq.read_table(path, schema=SKETCHES) for path in self._parts[tick]])
        ids = table["id"].to_numpy()
        times = table["ts"].cast(pa.int64()).to_numpy()
        order = np.lexsort((ids, times))
        seen = grouped(ids[order]).first
        if len(seen) < len(ids):
            order = order[np.sort(seen)]
        kept = table.take(pa.array(order))
        if self._again is not None and len(self._again):
            kept = _without_repeats(kept, self._again)
        self.repeats += len(table) - len(kept)
        whole: list[pa.RecordBatch] = kept.combine_chunks().to_batches()
        return whole  # one, but for texts of more than 2 GiB

    def _flush(self) -> None:
        for tick, batches in self._buffer.items():
            parts = self._parts.setdefault(tick, [])
            path = self._directory / f"tick-{tick}-{len(parts)}.parquet"
            pq.write_table(
                pa.Table.from_batches(batches),
                path,
                compression="lz4",
                use_dictionary=["account_id", "model"],
            )
            parts.append(path)
        self._buffer.clear()
        self._buffered = 0


def _without_repeats(table: pa.Table, again: pa.Table) -> pa.Table:
    found = pc.index_in(table["id"], again["id"])
    first = again["first"].take(found)
    return table.filter(pc.fill_null(pc.equal(first, table["ts"]), True))
