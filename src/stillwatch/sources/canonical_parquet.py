"""Stillwatch's own records as Parquet: the quickest form to read.

Reads `.parquet` files whose name begins with `exchanges`, `accounts` or `events`, and files of any other
name whose columns are those of such records. Columns may be missing, more than the contract knows, or in
any order. A time is a timestamp of any unit (one without a zone is UTC), a date, integer microseconds or
RFC 3339 text; text may be large, dictionary-coded or bytes of UTF-8; a count may be stored as a double,
and NaN stands for a missing value, as pandas writes it. `messages` is a list of structs with role and
content, or JSON text; `owner_countries` a map, a struct or JSON text.

Rejected: rows as in JSON lines; a row group as a whole where a required column is missing, a column is of
a type the contract cannot mean (a number for `prompt`), or its pages are damaged. A file that was cut short
has lost its table of contents, so nothing of it can be read: one rejection.

From `messages` follow `system`, `prompt` and `n_turns` where their columns leave them open.

Cannot read: row groups with 2 GiB or more of text in one column; write smaller ones.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import SCHEMAS, Rejection
from stillwatch.sources._reading.assemble import TIME_RULE, Origin, finish
from stillwatch.sources._reading.interface import Block, Decoded
from stillwatch.sources._reading.looks import kind_by_fields, kind_by_name
from stillwatch.sources._reading.parquet import WrongType, adapt, derive_columns
from stillwatch.sources._reading.write import parquet_bytes

SHOWN = 60  # characters of a wrong value that a reason quotes
MAGIC = b"PAR1"
UNREADABLE = (OSError, pa.ArrowException, ValueError)
EXAMPLE = parquet_bytes(
    pa.table(
        {
            "exchange_id": ["ex-1", "ex-2"],
            "ts": pa.array([1772438400000, 1772438403000], pa.timestamp("ms")),
            "account_id": pa.array(["acc-a", "acc-b"]).dictionary_encode(),
            "prompt": ["Grade this.", None],
            "tokens_in": [4.0, float("nan")],
        }
    )
)


class CanonicalParquet:
    """Reads the contract's records from Parquet."""

    name = "canonical_parquet"
    example = EXAMPLE

    def matches(self, name: str, head: bytes) -> float:
        """Sure of the columns; a damaged file is claimed too, so that it is reported."""
        if not head.startswith(MAGIC):
            return 0.0
        try:
            return 1.0 if _kind(Path(name), pq.read_schema(name)) else 0.0
        except UNREADABLE:
            return 0.5

    def line_kind(self, name: str, head: bytes) -> None:
        """Read whole: it has no lines."""

    def blocks(self, path: Path) -> Iterator[Block | Rejection]:
        try:
            with pq.ParquetFile(path) as file:
                kind = _kind(path, file.schema_arrow)
                groups = [file.metadata.row_group(part) for part in range(file.metadata.num_row_groups)]
                sizes = [(group.num_rows, _stored(group)) for group in groups]
        except UNREADABLE as error:
            yield Rejection(str(path), None, f"cannot be read as Parquet: {error}")
            return
        row = 1
        for part, (rows, stored) in enumerate(sizes):
            yield Block(self.name, kind or "exchanges", str(path), row, None, part, stored)
            row += rows

    def decode(self, block: Block) -> Decoded:
        assert block.part is not None
        try:
            with pq.ParquetFile(block.file) as file:
                names = file.schema_arrow.names
                wanted = [name for name in SCHEMAS[block.kind].names if name in names]
                table = file.read_row_group(block.part, columns=wanted).combine_chunks()
            return _decode(block, table, set(names) - set(wanted))
        except (WrongType, *UNREADABLE) as error:
            return _nothing(block, str(error))


def _stored(group: pq.RowGroupMetaData) -> int:
    return sum(group.column(number).total_compressed_size for number in range(group.num_columns))


def _kind(path: Path, schema: pa.Schema) -> str | None:
    return kind_by_name(path.name) or kind_by_fields(set(schema.names))


def _decode(block: Block, table: pa.Table, unknown_fields: set[str]) -> Decoded:
    columns: dict[str, pa.Array] = {}
    misfits: list[tuple[int, str]] = []
    for field in SCHEMAS[block.kind]:
        if field.name not in table.column_names:
            if not field.nullable:
                return _nothing(block, f"the required column {field.name} is missing")
            columns[field.name] = pa.nulls(len(table), field.type)
            continue
        given = pa.concat_arrays(table[field.name].chunks) if len(table) else pa.nulls(0)
        columns[field.name], wrong = adapt(field, given)
        rule = TIME_RULE if pa.types.is_timestamp(field.type) else "does not fit"
        misfits += [(row, f"{field.name}: {_shown(given, row)} {rule}") for row in wrong]
    if block.kind == "exchanges":
        derive_columns(columns)
    lines = range(block.first_line, block.first_line + len(table))
    return finish(block.kind, columns, misfits, Origin(block.file, lines, unknown_fields=unknown_fields))


def _shown(column: pa.Array, row: int) -> str:
    """A value for people; not every value of Arrow can be made one of Python's."""
    return str(column.slice(row, 1))[1:-1].strip()[:SHOWN]


def _nothing(block: Block, reason: str) -> Decoded:
    """No row of a row group can be read: one rejection for all of them."""
    where = f"row group {block.part}, from row {block.first_line}: {reason}"
    schema = SCHEMAS[block.kind]
    empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
    return Decoded(block.kind, empty, [Rejection(block.file, None, where)], set())


SOURCE = CanonicalParquet()
