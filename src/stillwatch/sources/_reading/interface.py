"""What a log format is to the rest of Stillwatch: the shapes every plug-in of this folder speaks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec
import pyarrow as pa

from stillwatch.records import Rejection


class Block(msgspec.Struct, frozen=True):
    """A picklable unit of work: whole lines of one file, or one row group of a Parquet file.

    `first_line` is the 1-based line (or row) at which it begins. `data` is None where the worker reads
    the file itself, and then `part` names the row group, which takes `stored` bytes of the file.
    """

    source: str
    kind: str  # "exchanges" | "accounts" | "events"
    file: str
    first_line: int
    data: bytes | None
    part: int | None = None
    stored: int = 0


class Decoded(msgspec.Struct, frozen=True):
    """A block as records: `batch` has exactly `records.SCHEMAS[kind]`.

    `unknown_fields` are names outside the contract, found by looking at some of the records.
    """

    kind: str
    batch: pa.RecordBatch
    rejections: list[Rejection]
    unknown_fields: set[str]


class Source(Protocol):
    """One log format. A file of this folder ends in `SOURCE = ...`, which is one of these."""

    @property
    def name(self) -> str:
        """The format's name, that of its file."""

    @property
    def example(self) -> bytes:
        """A small whole file of this format."""

    def matches(self, name: str, head: bytes) -> float:
        """How sure this format is, from 0 to 1, given a file's path and its first (unpacked) bytes."""

    def line_kind(self, name: str, head: bytes) -> str | None:
        """The kind of record that lines of such a file hold, where each line stands alone.

        Such a file may be read while it is written; None for one that is read whole.
        """

    def blocks(self, path: Path) -> Iterator[Block | Rejection]:
        """Cut a file of this format; what cannot be read is a rejection, never an exception."""

    def decode(self, block: Block) -> Decoded:
        """Read one block. Pure, and never raises on bad data."""
