"""One scan in a process of its own: `python -m stillwatch.codescan.measure.once ROOT [CACHE]` writes what it did."""

import sys
import time
from pathlib import Path

import msgspec

from stillwatch.codescan.scan import scan


class Did(msgspec.Struct, frozen=True):
    """Wall time of the scan alone, and what it covered."""

    seconds: float
    lines: int
    files: int


def main(root: str, cache: str | None = None) -> None:
    started = time.monotonic()
    done = scan(Path(root), cache=None if cache is None else Path(cache))
    seconds = time.monotonic() - started
    did = Did(seconds, done.coverage.lines, done.coverage.files)
    sys.stdout.buffer.write(msgspec.json.encode(did))


if __name__ == "__main__":
    main(*sys.argv[1:])
