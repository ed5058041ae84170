"""Writing the file of verdicts, whole or not at all; columns are handled as columns, a million rows in a second."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.policy.lookup.layout import NOTHING
from stillwatch.policy.lookup.writing import numbered, write
from stillwatch.policy.verdict_table import KIND, STATES, Names
from stillwatch.records import Micros, StillwatchError, Verdict

VERDICTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("campaign_id", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("log_e_value", pa.float64(), nullable=False),
        pa.field("accounts", pa.int64(), nullable=False),
        pa.field("capability", pa.string(), nullable=False),
        pa.field("since", pa.int64(), nullable=False),
        pa.field("active", pa.bool_(), nullable=False),
        pa.field("case_id", pa.string()),
    ]
)
"""The rows to publish: an account, and the fields of `records.Verdict`."""

_ROW = np.dtype(
    [
        ("check", "=u8"),
        ("probability", "=f8"),
        ("log_e_value", "=f8"),
        ("since", "=i8"),
        ("accounts", "=u4"),
        ("campaign", "=u4"),
        ("case", "=u4"),
        ("capability", "=u2"),
        ("state", "=u1"),
        ("active", "=u1"),
    ]
)


def rows(verdicts: Iterable[tuple[str, Verdict]]) -> pa.Table:
    """Verdicts by account as rows, for few of them."""
    found = [{"account_id": account} | msgspec.structs.asdict(verdict) for account, verdict in verdicts]
    return pa.Table.from_pylist(found, schema=VERDICTS)


def publish(path: Path, verdicts: pa.Table, version: int, created_at: Micros | None = None) -> int:
    """Put a file of these verdicts (schema VERDICTS) in place of an older one; returns how many it holds.

    Whoever has the older file open keeps it whole. An account that stands twice keeps its first row.
    Raises StillwatchError where the rows are not verdicts or the file cannot be written.
    """
    try:
        table = verdicts.select(VERDICTS.names).cast(VERDICTS).combine_chunks()
        found, names = _columns(table)
        return write(path, KIND, table["account_id"], found, names, version, created_at)
    except (pa.ArrowException, KeyError, ValueError, OverflowError) as error:
        raise StillwatchError(f"{path}: these rows are no verdicts: {error}") from error


def _columns(table: pa.Table) -> tuple[np.ndarray, Names]:
    for field in VERDICTS:
        if not field.nullable and table[field.name].null_count:
            raise ValueError(f"{field.name} is missing in {table[field.name].null_count:,} rows")
    found = np.zeros(table.num_rows, _ROW)
    for name in ("probability", "log_e_value", "since"):
        found[name] = table[name].to_numpy()
    found["accounts"] = table["accounts"].cast(pa.uint32()).to_numpy()
    found["active"] = table["active"].cast(pa.uint8()).to_numpy()
    found["campaign"], campaigns = numbered(table["campaign_id"], 1 << 32)
    found["capability"], capabilities = numbered(table["capability"], 1 << 16)
    found["case"], cases = numbered(table["case_id"], NOTHING)
    state = pc.index_in(table["state"], pa.array(STATES))
    if state.null_count:
        raise ValueError(f"state is one of {', '.join(STATES)}")
    found["state"] = state.to_numpy()
    return found, Names(campaigns, cases, capabilities)
