"""Sketches of a live watch on disk: one sorted Parquet file for each slice of a tick that is over.

A slice is short enough that its sketches fit into memory at thousands of exchanges a second; a file is
written whole or not at all, and never changed.
"""

import contextlib
import glob
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.features.sketch import SKETCHES
from stillwatch.features.sketchlog import TICK
from stillwatch.records.durable import replace

SLICE = TICK // 72  # microseconds: five minutes
_NAME = re.compile(r"slice-(\d+)\.parquet")


class SlicedLog:
    """A directory of slices. What is in it is found again when it is opened anew."""

    def __init__(self, directory: Path, before: int | None = None) -> None:
        """`before` leaves out that tick and later ones."""
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._slices = {
            int(named[1]): path
            for path in directory.iterdir()
            if (named := _NAME.fullmatch(path.name))
            and (before is None or int(named[1]) * SLICE // TICK < before)
        }

    def place(self, number: int, sketches: pa.Table) -> None:
        """Keep the sketches of a slice: in order of time and then of id, each call once. Replaces a former try."""
        path = self._directory / f"slice-{number}.parquet"
        partial = path.with_suffix(".partial")
        pq.write_table(sketches, partial, compression="lz4", use_dictionary=["account_id", "model"])
        partial.chmod(0o600)
        replace(partial, path)
        self._slices[number] = path

    def ticks(self) -> list[int]:
        """Ticks that hold sketches, in order."""
        return sorted({number * SLICE // TICK for number in self._slices})

    def read(self, tick: int) -> Iterator[pa.RecordBatch]:
        """All sketches of a tick, in order of time and then of id, each call once."""
        for path in self._of(tick):
            yield from pq.read_table(path, schema=SKETCHES).to_batches()

    def known(self, ids: np.ndarray, since: int, before: int) -> np.ndarray:
        """Those of `ids` (uint64) that ticks in [since, before) hold already, in no order."""
        files = [str(path) for tick in self.ticks() if since <= tick < before for path in self._of(tick)]
        if not files or not len(ids):
            return np.zeros(0, np.uint64)
        asked = pa.table({"id": ids})
        with contextlib.closing(duckdb.connect(config={"threads": 2, "memory_limit": "500MB"})) as database:
            database.register("asked", asked)
            found = database.sql(
                "SELECT DISTINCT id FROM read_parquet(?) SEMI JOIN asked USING (id)",
                params=[[glob.escape(file) for file in files]],
            ).to_arrow_table()
        out: np.ndarray = found["id"].to_numpy()
        return out

    def clear(self, tick: int) -> None:
        """Delete what is kept of a tick."""
        for number in [number for number in self._slices if number * SLICE // TICK == tick]:
            self._slices.pop(number).unlink(missing_ok=True)

    def drop_before(self, tick: int) -> int:
        """Delete the slices of ticks before `tick`; returns how many there were."""
        old = [number for number in self._slices if number * SLICE // TICK < tick]
        for number in old:
            self._slices.pop(number).unlink(missing_ok=True)
        return len(old)

    def _of(self, tick: int) -> list[Path]:
        per_tick = TICK // SLICE
        numbers = range(tick * per_tick, (tick + 1) * per_tick)
        return [self._slices[number] for number in numbers if number in self._slices]
