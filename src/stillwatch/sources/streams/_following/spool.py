"""Taking away the segments of a spool that were read to their end, closed by their writer and settled."""

from collections.abc import Iterator
from pathlib import Path

from stillwatch.records import Rejection
from stillwatch.sources.streams._following.listing import CLOSED
from stillwatch.sources.streams._following.marks import Identity, LineMark, Mark

SEGMENTS = "exchanges-*.jsonl"


def consume(folder: Path, settled: dict[Identity, Mark]) -> Iterator[Rejection]:
    """Remove each closed segment that a settled position has read to its end, then the marker beside it.

    The segment goes first: a marker without one is what an interrupted removal leaves, and is removed too.
    """
    for marker in sorted(folder.glob(SEGMENTS + CLOSED)):
        segment = marker.with_name(marker.name.removesuffix(CLOSED))
        try:
            found = segment.stat()
        except FileNotFoundError:
            marker.unlink(missing_ok=True)
            continue
        mark = settled.get(Identity(found.st_dev, found.st_ino))
        whole = isinstance(mark, LineMark) and (mark.path, mark.offset) == (str(segment), found.st_size)
        if found.st_size and not whole:
            continue
        try:
            segment.unlink()
            marker.unlink(missing_ok=True)
        except OSError as error:
            yield Rejection(str(segment), None, f"cannot be removed from the spool: {error.strerror}")
