"""Writing records as canonical files, so that any log can be turned into the contract's."""

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import TIME


def write(records: pa.Table | pa.RecordBatch, path: Path) -> None:
    """Write records of one kind to `path`: `.parquet`, or JSON lines as `.jsonl`, `.jsonl.gz`, `.jsonl.zst`.

    Absent values are left out of JSON lines. Raises OSError.
    """
    table = records if isinstance(records, pa.Table) else pa.Table.from_batches([records])
    if path.name.endswith(".parquet"):
        pq.write_table(table, path)
        return
    with pa.output_stream(path, compression="detect") as stream:
        for batch in table.to_batches(max_chunksize=10_000):
            stream.write(json_lines(batch))


def parquet_bytes(records: pa.Table) -> bytes:
    """Make a whole Parquet file in memory."""
    sink = pa.BufferOutputStream()
    pq.write_table(records, sink)
    return bytes(sink.getvalue())


def json_lines(batch: pa.RecordBatch) -> bytes:
    """Records as JSON lines, times as integer microseconds."""
    encoder = msgspec.json.Encoder()
    columns = {field.name: _plain(batch.column(field.name), field) for field in batch.schema}
    rows = [
        {name: value for name, value in zip(columns, values, strict=True) if value is not None}
        for values in zip(*columns.values(), strict=True)
    ]
    return encoder.encode_lines(rows)


def _plain(column: pa.Array, field: pa.Field) -> list[object]:
    values: list[object] = (column.cast(pa.int64()) if field.type == TIME else column).to_pylist()
    if pa.types.is_map(field.type):
        return [dict(value) if isinstance(value, list) else value for value in values]
    return values
