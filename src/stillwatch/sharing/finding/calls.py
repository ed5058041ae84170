"""Who used which network and client, from a log in the file contract: all of the log that figures need.

A line that cannot be read is passed over here: the run that made the findings has counted and reported it.
"""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import UnreadableInput

CALLS = pa.schema([("account_id", pa.string()), ("asn", pa.int64()), ("ja4", pa.string())])
TEXTS = (".jsonl", ".jsonl.gz", ".jsonl.zst")
COLUMNS = {"account_id": "VARCHAR", "asn": "BIGINT", "ja4": "VARCHAR"}


def calls(log: Path) -> pa.Table:
    """One row a call, of all files of exchanges; a field that a file lacks is null."""
    parts = [
        _read(path) for path in sorted(log.glob("exchanges*")) if path.name.endswith((".parquet", *TEXTS))
    ]
    if not parts:
        raise UnreadableInput(f"{log}: no exchanges*.parquet or exchanges*.jsonl of the file contract")
    return pa.concat_tables(parts)


def _read(path: Path) -> pa.Table:
    try:
        return _parquet(path) if path.suffix == ".parquet" else _lines(path)
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        raise UnreadableInput(f"{path}: its exchanges cannot be read ({error})") from error


def _parquet(path: Path) -> pa.Table:
    held = [name for name in CALLS.names if name in pq.read_schema(path).names]
    table = pq.read_table(path, columns=held)
    columns = [table[name] if name in held else pa.nulls(len(table)) for name in CALLS.names]
    return pa.table(dict(zip(CALLS.names, columns, strict=True))).cast(CALLS)


def _lines(path: Path) -> pa.Table:
    database = duckdb.connect()
    relation = database.sql(
        "SELECT * FROM read_json($path, columns = $columns, format = 'newline_delimited', ignore_errors = true)",
        params={"path": str(path), "columns": COLUMNS},
    )
    return relation.to_arrow_table().cast(CALLS)
