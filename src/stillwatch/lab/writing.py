"""Write a simulated log in contract form: days are kept apart while slices arrive, then written in time order."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from stillwatch.lab.arrays import DAY, Rng, opaque_strings
from stillwatch.lab.truth import Truth
from stillwatch.lab.world import World
from stillwatch.records import EXCHANGES

PART_ROWS = 150_000
KEPT_BYTES = 1 << 30  # beyond this much in memory, days go to disk until they are written


class DayShelf:
    """Exchanges sorted into days as slices arrive; spills to a scratch folder when memory runs over."""

    def __init__(self, world: World, scratch: Path) -> None:
        self._start, self._days = world.start, world.days
        self._scratch = scratch
        self._kept: list[list[pa.Table]] = [[] for _ in range(world.days)]
        self._bytes = 0
        self._spilled = 0

    def add(self, exchanges: pa.Table) -> None:
        ts = exchanges["ts"].cast(pa.int64()).to_numpy()
        order = np.argsort(ts, kind="stable")
        exchanges = exchanges.take(pa.array(order)).combine_chunks()
        edges = np.searchsorted(ts[order], self._start + np.arange(self._days + 1) * DAY)
        for day in np.flatnonzero(np.diff(edges)):
            self._kept[day].append(exchanges.slice(edges[day], edges[day + 1] - edges[day]))
        self._bytes += exchanges.nbytes
        if self._bytes > KEPT_BYTES:
            self._spill()

    def _spill(self) -> None:
        for day, tables in enumerate(self._kept):
            if tables:
                self._write_scratch(day, pa.concat_tables(tables))
                tables.clear()
        self._bytes = 0
        self._spilled += 1

    def _write_scratch(self, day: int, table: pa.Table) -> None:
        path = self._scratch / f"{day:04d}-{self._spilled:04d}.arrow"
        with pa.OSFile(str(path), "wb") as sink, pyarrow.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)

    def days(self) -> Iterator[pa.Table]:
        """Return the days in order, each sorted by time."""
        for day, tables in enumerate(self._kept):
            spilled = [
                pyarrow.ipc.open_file(pa.OSFile(str(path))).read_all()
                for path in sorted(self._scratch.glob(f"{day:04d}-*"))
            ]
            if tables or spilled:
                yield pa.concat_tables([*spilled, *tables]).sort_by("ts")
            tables.clear()


def write_exchanges(shelf: DayShelf, rng: Rng, truth: Truth, out: Path, form: str) -> int:
    """Write `exchanges-NNNN` parts of whole days; returns how many exchanges there are."""
    written, part, held = 0, 0, 0
    waiting: list[pa.Table] = []
    for day in shelf.days():
        named = day.set_column(0, "exchange_id", opaque_strings(rng, day.num_rows))
        truth.add_exchanges(named)
        waiting.append(named.select(EXCHANGES.names))
        held += day.num_rows
        if held >= PART_ROWS:
            part += 1
            written += _write(pa.concat_tables(waiting), out / f"exchanges-{part:04d}", form)
            waiting, held = [], 0
    if waiting:
        written += _write(pa.concat_tables(waiting), out / f"exchanges-{part + 1:04d}", form)
    return written


def write_table(table: pa.Table, path: Path, form: str) -> int:
    """Write records as `path`.parquet or `path`.jsonl; returns the number of rows."""
    return _write(table, path, form)


def _write(table: pa.Table, path: Path, form: str) -> int:
    if form == "parquet":
        pq.write_table(table, path.with_suffix(".parquet"), compression="zstd", compression_level=1)
        return int(table.num_rows)
    times = [
        name
        for name, kind in zip(table.schema.names, table.schema.types, strict=True)
        if pa.types.is_timestamp(kind)
    ]
    for name in times:
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(pa.int64()))
    with path.with_suffix(".jsonl").open("w", encoding="utf-8") as stream:
        for batch in table.to_batches(max_chunksize=10_000):
            for row in batch.to_pylist(maps_as_pydicts="strict"):
                stream.write(
                    json.dumps(
                        {name: value for name, value in row.items() if value is not None}, ensure_ascii=False
                    )
                )
                stream.write("\n")
    return int(table.num_rows)


def scratch(out: Path) -> "TemporaryDirectory[str]":
    """Return a scratch folder beside the log, gone when closed."""
    return TemporaryDirectory(prefix=".simulate-", dir=out)


__all__ = ["DayShelf", "scratch", "write_exchanges", "write_table"]
