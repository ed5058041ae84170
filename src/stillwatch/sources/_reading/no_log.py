"""Why a file is no log, for the person who took it for one: what it is instead, and what to write."""

from pathlib import PurePath

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import SCHEMAS
from stillwatch.sources._reading.blocks import BYTE_ORDER_MARK
from stillwatch.sources._reading.looks import first_keys

NO_FORMAT = "no known log format"
OWN_RESULT = b'"schema": "stillwatch.'  # in the first bytes of an earlier run's campaigns.json
FOUND = 8  # keys of a file that are named
KEY_SHOWN = 40  # characters of such a key
SEPARATORS = b",;\t|"
TABLES = (".csv", ".tsv")
PACKED = (".gz", ".zst")


def why_no_log(name: str, head: bytes) -> str:
    """The reason, given a file's path and its first (unpacked) bytes, of which no format is sure."""
    guess = _guess(name, head)
    return f"{NO_FORMAT}: {guess}" if guess else NO_FORMAT


def _guess(name: str, head: bytes) -> str | None:
    start = head.removeprefix(BYTE_ORDER_MARK).lstrip()
    guess: str | None = None
    if not start:
        guess = "the file is empty"
    elif OWN_RESULT in head[:80]:
        guess = "a result of Stillwatch is no log"
    elif head.startswith(b"PAR1"):
        guess = _needs(_columns(name), "columns")
    elif start.startswith(b"["):
        guess = "a JSON array is not read; write JSON lines, one object a line"
    elif start.startswith(b"{"):
        guess = _needs(first_keys(head), "keys")
    elif _is_table(name, start):
        guess = "CSV is not read; JSON lines and Parquet are"
    return guess


def _needs(found: list[str], called: str) -> str | None:
    if not found:
        return None
    shown = ", ".join(key[:KEY_SHOWN] for key in found[:FOUND])
    more = f" and {len(found) - FOUND:,} more" if len(found) > FOUND else ""
    needed = ", ".join(field.name for field in SCHEMAS["exchanges"] if not field.nullable)
    return f"{called} found: {shown}{more}; an exchange needs {needed}"


def _columns(path: str) -> list[str]:
    try:
        return list(pq.read_schema(path).names)
    except (OSError, pa.ArrowException, ValueError):
        return []


def _is_table(name: str, start: bytes) -> bool:
    """By its name, or by as many separators in the second line as in the heading."""
    path = PurePath(name.lower())
    if (path.with_suffix("") if path.suffix in PACKED else path).suffix in TABLES:
        return True
    lines = start.splitlines()[:2]
    return len(lines) > 1 and any(
        lines[0].count(mark) == lines[1].count(mark) > 1 for mark in map(bytes, zip(SEPARATORS, strict=True))
    )
