"""Writing the file of standings, whole or not at all."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.policy.lookup.layout import NOTHING
from stillwatch.policy.lookup.writing import numbered, write
from stillwatch.policy.standing_table import CONTROL, KIND, NEVER, Names
from stillwatch.records import STANDINGS, Micros, StillwatchError, Terms

HIGHEST_LEVEL = 4
_ROW = np.dtype(
    [
        ("check", "=u8"),
        ("id", "=u8"),
        ("since", "=i8"),
        ("deadline", "=i8"),
        ("region_outside", "=f8"),
        ("terms", "=u4"),
        ("challenge", "=u4"),
        ("level", "=u1"),
        ("asked", "=u1"),
        ("flags", "=u1"),
    ]
)


def publish_standings(
    path: Path, standings: pa.Table, terms: Sequence[Terms], version: int, created_at: Micros | None = None
) -> int:
    """Put a file of these standings (schema STANDINGS; `terms` by number) in place of an older one.

    Returns how many accounts it holds; one that stands twice keeps its first row. Raises StillwatchError where
    the rows are no standings or the file cannot be written.
    """
    try:
        table = standings.select(STANDINGS.names).cast(STANDINGS).combine_chunks()
        found, challenges = _columns(table, len(terms))
        names = Names(list(terms), challenges)
        return write(path, KIND, table["account_id"], found, names, version, created_at)
    except (pa.ArrowException, KeyError, ValueError, OverflowError) as error:
        raise StillwatchError(f"{path}: these rows are no standings: {error}") from error


def _columns(table: pa.Table, terms: int) -> tuple[np.ndarray, list[str]]:
    for field in STANDINGS:
        if not field.nullable and table[field.name].null_count:
            raise ValueError(f"{field.name} is missing in {table[field.name].null_count:,} rows")
    found = np.zeros(table.num_rows, _ROW)
    for name in ("id", "since", "terms", "level", "asked"):
        found[name] = table[name].to_numpy()
    found["deadline"] = pc.fill_null(table["deadline"], NEVER).to_numpy()
    found["region_outside"] = pc.fill_null(table["region_outside"], float("nan")).to_numpy()
    found["flags"] = np.where(table["control"].to_numpy(zero_copy_only=False), CONTROL, 0)
    found["challenge"], challenges = numbered(table["challenge_id"], NOTHING)
    if len(found) and found["terms"].max() >= terms:
        raise ValueError("terms are named by a number that is not theirs")
    if len(found) and max(found["asked"].max(), found["level"].max()) > HIGHEST_LEVEL:
        raise ValueError(f"levels go from 0 to {HIGHEST_LEVEL}")
    return found, challenges
