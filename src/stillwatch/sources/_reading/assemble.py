"""Rows of a block to the batch that leaves this room: columns, the contract's checks, rejections."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.records import SCHEMAS, TIME, Rejection
from stillwatch.sources._reading.checks import SHOWN, broken
from stillwatch.sources._reading.columns import column
from stillwatch.sources._reading.interface import Decoded
from stillwatch.sources._reading.rows import Row
from stillwatch.sources._reading.turns import derive

TIME_RULE = "must be RFC 3339 text in UTC or integer microseconds, in the years 2000 to 2100"


class Origin(msgspec.Struct):
    """Where the rows of a block stood, and what was found beside them."""

    file: str
    lines: Sequence[int]  # of each row
    rejections: list[Rejection] = []
    unknown_fields: set[str] = set()


def assemble(kind: str, rows: Sequence[Row], origin: Origin) -> Decoded:
    """Rows (structs of `_rows`) become records or rejections."""
    if kind == "exchanges":
        for row in rows:
            if row.messages is not None:
                derive(row)
    schema = SCHEMAS[kind]
    columns: dict[str, pa.Array] = {}
    misfits: list[tuple[int, str]] = []
    for field in schema:
        given = list(map(attrgetter(field.name), rows))
        columns[field.name], wrong = column(field, given)
        misfits += [(row, f"{field.name}: {_shown(given[row])} {_rule(field)}") for row in wrong]
    return finish(kind, columns, misfits, origin)


def _shown(value: object) -> str:
    return repr(value)[:SHOWN]


def _rule(field: pa.Field) -> str:
    return TIME_RULE if field.type == TIME else "does not fit"


def finish(
    kind: str, columns: dict[str, pa.Array], misfits: Iterable[tuple[int, str]], origin: Origin
) -> Decoded:
    """Check whole columns, and part the good rows from the rejected ones."""
    schema = SCHEMAS[kind]
    reasons: dict[int, list[str]] = defaultdict(list)
    for row, reason in [*misfits, *broken(kind, columns)]:
        reasons[row].append(reason)
    for field in schema:
        if not field.nullable and columns[field.name].null_count:
            missing = pc.is_null(columns[field.name]).to_numpy(zero_copy_only=False)
            for row in np.flatnonzero(missing).tolist():
                if row not in reasons:
                    reasons[row].append(f"{field.name}: is required")
    kept = [columns[name] for name in schema.names]
    if reasons:
        good = np.ones(len(origin.lines), np.bool_)
        good[list(reasons)] = False
        kept = [array.filter(pa.array(good)) for array in kept]
    refused = [Rejection(origin.file, origin.lines[row], "; ".join(why)) for row, why in reasons.items()]
    in_order = sorted([*origin.rejections, *refused], key=lambda refusal: refusal.line or 0)
    return Decoded(kind, pa.RecordBatch.from_arrays(kept, schema=schema), in_order, origin.unknown_fields)
