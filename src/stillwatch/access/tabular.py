"""Tables that an operator gives, as CSV, JSON lines or Parquet: columns as they stand, with the row of each.

A row that cannot be read is a counted rejection; a table that lacks a column it needs is refused.
"""

import codecs
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.json as arrow_json
import pyarrow.parquet as pq

from stillwatch.records import Rejection, UnreadableInput

EXAMPLES = 1000  # rejections kept with their place; all are counted
ROW = "row"  # 1-based: the line of a text file, the row of a Parquet file
BLOCK = 16 << 20  # bytes of text parsed at once


class MissingColumn(UnreadableInput):
    """A table lacks a column that is needed."""


@dataclass
class Rejected:
    """What could not be taken from a file: how often, why, and where at first."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[Rejection] = field(default_factory=list)

    def add(self, file: Path, rows: Sequence[int | None], reason: str) -> None:
        if rows:
            self.counts[reason] += len(rows)
            kept = rows[: EXAMPLES - len(self.examples)]
            self.examples += [Rejection(str(file), row, reason) for row in kept]

    def drop(self, file: Path, table: pa.Table, wrong: pa.Array, reason: str) -> pa.Table:
        """The table without the rows that are wrong, which are counted."""
        wrong = pc.fill_null(wrong, fill_value=False)
        if not pc.any(wrong).as_py():
            return table
        self.add(file, table.filter(wrong)[ROW].to_pylist(), reason)
        return table.filter(pc.invert(wrong))

    def places(self, reason: str) -> list[int]:
        """Lines, or rows of a Parquet file, that were refused for a reason: those that were kept."""
        return [one.line for one in self.examples if one.reason == reason and one.line is not None]

    @property
    def total(self) -> int:
        return self.counts.total()


def read(path: Path, needed: Sequence[str], optional: Sequence[str], rejected: Rejected) -> pa.Table:
    """The columns asked for, and `row`. Values keep their type in Parquet and JSON; in CSV they are text.

    Raises UnreadableInput where the file is none of the three kinds or lacks a column that is needed.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start == b"PAR1":
            table = _parquet(path, [*needed, *optional])
        elif path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson", ".json")):
            table = _json_lines(path, [*needed, *optional], rejected)
        else:
            table = _csv(path, [*needed, *optional], rejected)
    except (OSError, UnicodeError, pa.ArrowException) as error:
        raise UnreadableInput(f"{path}: {error}") from error
    if missing := [name for name in needed if name not in table.column_names]:
        raise MissingColumn(f"{path}: no column {missing[0]}; it has {', '.join(table.column_names[:-1])}")
    for name in optional:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(len(table), pa.string()))
    return table.select([*needed, *optional, ROW])


def text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text without blanks around it; an empty one is null."""
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _parquet(path: Path, names: Sequence[str]) -> pa.Table:
    there = pq.read_schema(path).names
    table = pq.read_table(path, columns=[name for name in names if name in there])
    return table.append_column(ROW, pa.array(np.arange(1, len(table) + 1)))


def _csv(path: Path, names: Sequence[str], rejected: Rejected) -> pa.Table:
    _check_text(path)
    wrong: list[int] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        wrong.append(row.number or 0)
        return "skip"

    heading = arrow_csv.ParseOptions(invalid_row_handler=lambda _: "skip")
    with arrow_csv.open_csv(path, arrow_csv.ReadOptions(block_size=BLOCK), heading) as stream:
        there = stream.schema.names
    shared = [name for name in names if name in there]
    table = _parsed(path, there, shared, skip, threads=True)
    if wrong:  # rows are numbered only without threads
        wrong.clear()
        table = _parsed(path, there, shared, skip, threads=False)
    rejected.add(path, list(wrong), "not as many values as the heading has")
    lines = np.setdiff1d(np.arange(2, len(table) + len(wrong) + 2), wrong, assume_unique=True)
    return table.append_column(ROW, pa.array(lines))


def _check_text(path: Path) -> None:
    """Raises UnreadableInput where a line is not UTF-8: the parser would lose it without a word."""
    decode, line = codecs.getincrementaldecoder("utf-8")().decode, 1
    with pa.input_stream(str(path)) as stream:
        while True:
            piece = stream.read(BLOCK)
            try:
                decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                line += piece.count(b"\n", 0, error.start)
                raise UnreadableInput(f"{path}:{line}: not UTF-8") from error
            if not piece:
                return
            line += piece.count(b"\n")


def _parsed(
    path: Path, there: Sequence[str], shared: Sequence[str], skip: object, *, threads: bool
) -> pa.Table:
    return arrow_csv.read_csv(
        path,
        arrow_csv.ReadOptions(use_threads=threads, block_size=BLOCK),
        arrow_csv.ParseOptions(newlines_in_values=False, invalid_row_handler=skip),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(there, pa.string()),
            include_columns=shared or None,
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _json_lines(path: Path, names: Sequence[str], rejected: Rejected) -> pa.Table:
    """All at once where every line is whole and of one type, else line by line."""
    try:
        table = arrow_json.read_json(path, arrow_json.ReadOptions(block_size=BLOCK))
    except pa.ArrowInvalid:
        return _line_by_line(path, names, rejected)
    if len(table) != _lines(path):  # blank lines move the places
        return _line_by_line(path, names, rejected)
    table = table.select([name for name in names if name in table.column_names])
    if any(pa.types.is_nested(kind) or pa.types.is_timestamp(kind) for kind in table.schema.types):
        return _line_by_line(path, names, rejected)
    return table.append_column(ROW, pa.array(np.arange(1, len(table) + 1)))


def _lines(path: Path) -> int:
    count, last = 0, b"\n"
    with pa.input_stream(str(path)) as stream:
        while piece := stream.read(BLOCK):
            count += piece.count(b"\n")
            last = piece[-1:]
    return count + (last != b"\n")


def _line_by_line(path: Path, names: Sequence[str], rejected: Rejected) -> pa.Table:
    """Every value as text: a number as JSON writes it."""
    columns: dict[str, list[str | None]] = {name: [] for name in names}
    kept: list[int] = []
    with pa.input_stream(str(path)) as stream:
        for number, line in enumerate(_split(stream), 1):
            if not line.strip():
                continue
            try:
                record = _OBJECT.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                rejected.add(path, [number], "not a JSON object")
                continue
            kept.append(number)
            for name, values in columns.items():
                values.append(_as_text(record.get(name)))
    there = {name: pa.array(values, pa.string()) for name, values in columns.items() if any(values)}
    return pa.table({**there, ROW: pa.array(kept, pa.int64())})


def _split(stream: pa.NativeFile) -> "list[bytes]":
    return bytes(stream.read()).split(b"\n")


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


_OBJECT: "msgspec.json.Decoder[dict[str, object]]" = msgspec.json.Decoder(dict[str, object])
