"""A list of one's own as CSV, JSON lines or Parquet: name, and where known id, aliases, kind, list and date.

`aliases` has a semicolon between names; `kind` is person, organisation or unknown.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from stillwatch.access.names._entry import MOST_NAMES, Entry
from stillwatch.access.names.spelling import Kind
from stillwatch.access.tabular import ROW, Rejected, read, text

KINDS: dict[str | None, Kind] = {
    None: "unknown",
    "unknown": "unknown",
    "person": "person",
    "organisation": "organisation",
}
OPTIONAL = ["id", "aliases", "kind", "list", "date"]


def matches(name: str, head: bytes) -> bool:
    plain = name.removesuffix(".gz")
    return head.startswith(b"PAR1") or plain.endswith((".csv", ".jsonl", ".ndjson"))


def entries(path: Path, rejected: Rejected) -> Iterator[Entry]:
    table = read(path, ["name"], OPTIONAL, rejected)
    columns = {name: text(table[name]) for name in ["name", *OPTIONAL]}
    for batch in pa.table({**columns, ROW: table[ROW]}).to_batches():
        for row in batch.to_pylist():
            if row["name"] is None:
                rejected.add(path, [row[ROW]], "no name")
                continue
            if row["kind"] not in KINDS:
                rejected.add(
                    path, [row[ROW]], "the kind is none of person, organisation, unknown; taken as unknown"
                )
            aliases = [alias.strip() for alias in (row["aliases"] or "").split(";")[:MOST_NAMES]]
            yield Entry(
                row["list"] or path.name,
                row["id"] or str(row[ROW]),
                KINDS.get(row["kind"], "unknown"),
                row["name"],
                [alias for alias in aliases if alias],
                [],
                row["date"],
            )
