"""The exchanges of a log directory as a DuckDB view, for whatever judges a log from outside the detector.

Scoring and peers must not lean on the code they are compared with, so they read the contract's files by
themselves: Parquet and JSON lines, times as text, integers or Arrow timestamps.
"""

from functools import reduce
from pathlib import Path

import duckdb

from stillwatch.records import UnreadableInput

JSON_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
COLUMNS = {
    "exchange_id": "VARCHAR",
    "account_id": "VARCHAR",
    "api_key_id": "VARCHAR",
    "prompt": "VARCHAR",
    "tokens_out": "BIGINT",
    "client_ip": "VARCHAR",
    "user_agent": "VARCHAR",
}
TURNS = "STRUCT(role VARCHAR, content VARCHAR)[]"
LAST_USER_TURN = "list_filter(messages, lambda turn: turn.role = 'user')[-1].content"
MICROS_OF_TEXT = "coalesce(try_cast(ts AS BIGINT), epoch_us(try_cast(ts AS TIMESTAMPTZ)))"


def exchange_files(directory: Path) -> list[Path]:
    """Every part of the exchanges in a log directory, in name order."""
    found = [
        path
        for path in sorted(directory.glob("exchanges*"))
        if path.name.endswith((".parquet", *JSON_SUFFIXES))
    ]
    if not found:
        raise UnreadableInput(f"{directory} holds no exchanges file")
    return found


def open_log(directory: Path) -> duckdb.DuckDBPyConnection:
    """Connect to a log through the view `exchanges`: COLUMNS, and `ts` in microseconds since 1970.

    A column the log lacks is null. `prompt` falls back to the last user turn of `messages`. A call
    delivered more than once keeps one row for each delivery.
    """
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    declared = {**COLUMNS, "ts": "VARCHAR", "messages": TURNS}
    parts = [
        connection.read_parquet(str(path))
        if path.suffix == ".parquet"
        else connection.read_json(str(path), format="newline_delimited", columns=declared)
        for path in exchange_files(directory)
    ]
    reduce(duckdb.DuckDBPyRelation.union, map(_of_the_contract, parts)).create_view("exchanges")
    return connection


def _of_the_contract(found: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    types = dict(zip(found.columns, map(str, found.types), strict=True))
    selected = {name: f"{name if name in types else 'NULL'}::{kind}" for name, kind in COLUMNS.items()}
    if "messages" in types:
        selected["prompt"] = f"coalesce({selected['prompt']}, {LAST_USER_TURN})"
    selected["ts"] = "epoch_us(ts)" if types["ts"].startswith("TIMESTAMP") else MICROS_OF_TEXT
    return found.project(", ".join(f"{expression} AS {name}" for name, expression in selected.items()))
