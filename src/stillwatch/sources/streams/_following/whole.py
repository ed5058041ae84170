"""A file that is read whole, once it is written: packed, binary, or one JSON document."""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from stillwatch.records import Rejection
from stillwatch.sources._reading.catalogue import catalogue
from stillwatch.sources._reading.interface import Block
from stillwatch.sources.streams._following.listing import Seen
from stillwatch.sources.streams._following.marks import WholeMark
from stillwatch.sources.streams._following.tail import QUIET
from stillwatch.sources.streams._following.times import FACTS, first_time

UNKNOWN_SIZE = 8 << 20  # bytes that a block is taken for which its reader fetches from the file


class Whole:
    """One such file. Blocks are counted, so that reading goes on in the middle of it."""

    def __init__(self, seen: Seen, source: str, mark: WholeMark | None = None) -> None:
        self.path, self.identity, self.source = seen.path, seen.identity, source
        self.changed = time.monotonic() - max(0.0, time.time() - seen.mtime_ns / 1e9)
        self.gone = self.replaced = False
        self._seen = seen
        self._done = mark.blocks if mark else 0
        self._finished = mark.all if mark else False
        self._rest: Iterator[Block | Rejection] | None = None
        self._next: Block | Rejection | None = None

    def see(self, seen: Seen) -> None:
        """A look at the folder found it; written to since, it is to be read again."""
        self.path, self.gone = seen.path, False
        if (seen.size, seen.mtime_ns) != (self._seen.size, self._seen.mtime_ns):
            self.replaced = True
        self._seen = seen

    @property
    def has_more(self) -> bool:
        return not self._finished and self.quiet

    @property
    def waiting(self) -> bool:
        return not self._finished

    @property
    def quiet(self) -> bool:
        return time.monotonic() - self.changed >= QUIET

    @property
    def is_open(self) -> bool:
        """It is being read, which goes on even if its name is taken away."""
        return self._rest is not None and not self._finished

    @property
    def unread(self) -> int:
        """Bytes of the file, where it was not begun."""
        return 0 if self._finished else self._seen.size

    @property
    def mark(self) -> WholeMark:
        seen = self._seen
        return WholeMark(self.path, *self.identity, seen.size, seen.mtime_ns, self._done, self._finished)

    @property
    def time(self) -> int:
        """Microseconds since 1970 of the next record, or of the last change to the file."""
        block = self._ahead()
        if isinstance(block, Block) and block.kind in FACTS:
            return 0
        if isinstance(block, Block) and block.data is not None:
            line = block.data[: block.data.find(b"\n") + 1] or block.data
            found = first_time(self.source, block.kind, line)
            if found is not None:
                return found
        return self._seen.mtime_ns // 1000

    def take(self) -> Block | Rejection | None:
        block, self._next = self._ahead(), None
        self._done += block is not None
        self._ahead()
        return block

    def _ahead(self) -> Block | Rejection | None:
        """The block that comes next; reading it early tells whether it is the last."""
        if self._rest is None:
            self._rest = self._blocks()
        if self._next is None and not self._finished:
            self._next = next(self._rest, None)
            self._finished = self._next is None
        return self._next

    def _blocks(self) -> Iterator[Block | Rejection]:
        return islice(catalogue()[self.source].blocks(Path(self.path)), self._done, None)

    def close(self) -> None:
        """Let go of the file."""
        self._rest = None
