"""Lists of names that an operator gives: one file of this folder for each format, found by content.

A reader has `matches(name, head)` and `entries(path, rejected)`. Entries that cannot be read are counted rejections.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pyarrow as pa

from stillwatch.access.names._entry import Entry
from stillwatch.access.tabular import Rejected
from stillwatch.records import UnreadableInput

HEAD = 4096  # bytes a format looks at to know its own
BATCH = 50_000  # entries held as objects at once
SCHEMA = pa.schema(
    {
        "source": pa.string(),
        "entry": pa.string(),
        "kind": pa.string(),
        "name": pa.string(),
        "aliases": pa.list_(pa.string()),
        "ids": pa.list_(pa.string()),
        "date": pa.string(),
    }
)


def read_list(path: Path, rejected: Rejected) -> pa.Table:
    """All entries of a list, a row each. Raises UnreadableInput where it is of no known format."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        readers = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
        reader = next((one for one in readers if one.matches(path.name, head)), None)
        if reader is None:
            raise UnreadableInput(f"{path}: no known format of a list")
        return pa.Table.from_batches(_batches(reader.entries(path, rejected)), SCHEMA)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}") from error


def _batches(entries: Iterator[Entry]) -> Iterator[pa.RecordBatch]:
    waiting: list[Entry] = []
    for entry in entries:
        waiting.append(entry)
        if len(waiting) == BATCH:
            yield _batch(waiting)
            waiting = []
    yield _batch(waiting)


def _batch(entries: Sequence[Entry]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array([getattr(entry, field.name) for entry in entries], field.type) for field in SCHEMA],
        schema=SCHEMA,
    )
