"""A simulated log as columns that can be played: what each call shows a gateway, and what is true of it."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch import sources
from stillwatch.features.key import SketchKey
from stillwatch.features.sketch import sketch
from stillwatch.lab.arrays import Bools, Ints
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES, Call, Rejection, UnreadableInput

FIRST_ERROR = 400  # HTTP status
REASONING = ("reasoning_traces", "agentic_reasoning")  # what is worth nothing without the reasoning
OF_ACCOUNTS = ("plan", "programme", "kyc_level")
FACTS = tuple(
    field.name
    for field in msgspec.structs.fields(Call)
    if field.name in EXCHANGES.names and field.name not in {"account_id", "ts"}
)


@dataclass(frozen=True)
class Traffic:
    """Calls in order of time. Numbers of accounts and operators are places in `names` and `operators`; -1 is none."""

    key: SketchKey
    sketches: pa.Table
    facts: pa.Table  # fields of Call
    ts: Ints
    account: Ints
    operator: Ints  # whose illicit call it is
    answered: Bools
    reasoning: Bools  # the answer carries reasoning that the API marks, and was asked for it
    names: list[str]
    runs: Ints  # [accounts] which operator runs it
    operators: list[str]
    records: pa.Table  # schema ACCOUNTS
    events: pa.Table  # schema EVENTS

    @property
    def illicit(self) -> Bools:
        return self.operator >= 0

    @property
    def legitimate(self) -> Bools:
        """Calls of accounts that no operator runs."""
        return self.runs[self.account] < 0


def read(log: Path, key: SketchKey) -> Traffic:
    """Read a simulated log and the truth beside it. Raises UnreadableInput."""
    tables = _decoded(log, key)
    calls = tables["exchanges"]
    order = pc.sort_indices(calls, sort_keys=[("ts", "ascending"), ("exchange_id", "ascending")])
    calls = calls.take(order).combine_chunks()
    truth = pq.read_table(log / "truth" / "exchanges.parquet")
    truth = truth.take(pc.index_in(calls["exchange_id"], truth["exchange_id"]))
    people = pq.read_table(log / "truth" / "accounts.parquet", columns=["account_id", "operator"])
    operators = pa.array(sorted(name for name in pc.unique(people["operator"]).to_pylist() if name))
    thinks = pc.and_(
        pc.is_in(truth["capability"], pa.array(REASONING)), pc.greater(calls["tokens_reasoning"], 0)
    )
    names = people["account_id"]
    sketched = _names(calls, "sketch.")
    return Traffic(
        key=key,
        sketches=calls.select([f"sketch.{name}" for name in sketched]).rename_columns(sketched),
        facts=calls.select(FACTS),
        ts=calls["ts"].cast(pa.int64()).to_numpy(),
        account=_places(calls["account_id"], names),
        operator=_places(truth["operator"], operators),
        answered=np.asarray(pc.less(pc.fill_null(calls["http_status"], 200), FIRST_ERROR)),
        reasoning=np.asarray(pc.fill_null(thinks, False)),
        names=names.to_pylist(),
        runs=_places(people["operator"], operators),
        operators=operators.to_pylist(),
        records=tables["accounts"],
        events=tables["events"].sort_by("ts"),
    )


def _decoded(log: Path, key: SketchKey) -> dict[str, pa.Table]:
    """All records by kind; exchanges keep a few of their fields, beside their sketches."""
    empty = {"accounts": [ACCOUNTS.empty_table()], "events": [EVENTS.empty_table()]}
    parts: dict[str, list[pa.Table]] = {"exchanges": [], **empty}
    found = sources.find([log])
    for file, name in found.files:
        for block in sources.catalogue()[name].blocks(file):
            if isinstance(block, Rejection):
                raise UnreadableInput(f"{block.file}: {block.reason}")
            decoded = sources.decode(block)
            table = pa.Table.from_batches([decoded.batch])
            if decoded.kind == "exchanges":
                table = table.select(
                    ["exchange_id", "ts", "account_id", "http_status", "tokens_reasoning", *FACTS]
                )
                for field, column in zip(*_sketched(decoded.batch, key), strict=True):
                    table = table.append_column(f"sketch.{field}", column)
            parts[decoded.kind].append(table)
    if not parts["exchanges"]:
        raise UnreadableInput(f"{log}: it holds no exchange")
    return {kind: pa.concat_tables(tables) for kind, tables in parts.items()}


def _sketched(batch: pa.RecordBatch, key: SketchKey) -> tuple[list[str], list[pa.Array]]:
    made = sketch(batch, key)
    return made.schema.names, made.columns


def _names(table: pa.Table, prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in table.column_names if name.startswith(prefix)]


def _places(values: pa.ChunkedArray, of: pa.Array | pa.ChunkedArray) -> Ints:
    places: Ints = pc.fill_null(pc.index_in(values, of), -1).to_numpy().astype(np.int64)
    return places
