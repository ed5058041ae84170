"""Taking away the segments of a spool: complete, read to their end, and settled."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from stillwatch.records import Rejection
from stillwatch.sources.streams._following.listing import Seen, files_under
from stillwatch.sources.streams._following.marks import Identity, LineMark, Mark, fingerprint_at

SEGMENTS = "exchanges-"


def consume(folder: str, settled: Mapping[Identity, Mark]) -> Iterator[Rejection]:
    """Remove each complete segment that a settled position has read to its end.

    A file is known by what stands in it, not only by its inode: that may be a removed one's, given out again.
    """
    for seen in files_under(folder, spool=True):
        if isinstance(seen, Rejection) or not (seen.closed and Path(seen.path).name.startswith(SEGMENTS)):
            continue
        try:
            if seen.size == 0 or _read_to_its_end(seen, settled.get(seen.identity)):
                os.unlink(seen.path)  # noqa: PTH108 - as it was listed
        except FileNotFoundError:
            continue  # its writer, or the next one on its host, has just renamed it
        except OSError as error:
            yield Rejection(seen.path, None, f"cannot be removed from the spool: {error.strerror}")


def _read_to_its_end(seen: Seen, mark: Mark | None) -> bool:
    if not isinstance(mark, LineMark) or mark.offset != seen.size:
        return False
    descriptor = os.open(seen.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        same = (found.st_dev, found.st_ino, found.st_size) == (*seen.identity, seen.size)
        return same and fingerprint_at(descriptor, mark.offset) == mark.fingerprint
    finally:
        os.close(descriptor)
