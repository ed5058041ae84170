"""A file of lines that grows: read from an offset, whole lines only."""

import os
import time

import msgspec

from stillwatch.records import Rejection
from stillwatch.sources._reading import blocks
from stillwatch.sources._reading.interface import Block
from stillwatch.sources.streams._following.listing import Seen
from stillwatch.sources.streams._following.marks import (
    NEAR,
    PREFIX,
    LineMark,
    fingerprint,
    fingerprint_at,
    near,
)
from stillwatch.sources.streams._following.times import FACTS, end_by_time, first_time

QUIET = 2.0  # seconds without a change after which a file is taken to be written
LOOKED_AT = 1 << 16  # bytes in which the next line should end, to learn its time
RETRY = 5.0  # seconds before a file that cannot be opened is tried again
NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_OBJECT: "msgspec.json.Decoder[dict[str, msgspec.Raw]]" = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Tail:
    """One such file. `replaced` turns true where its content is no longer what was read before."""

    def __init__(self, seen: Seen, source: str, kind: str, head: bytes) -> None:
        self.prefix = head[:PREFIX]
        self.path, self.identity = seen.path, seen.identity
        self.source, self.kind = source, kind
        self.offset, self.line = 0, 1
        self.gone = self.replaced = False
        self.changed = time.monotonic() - max(0.0, time.time() - seen.mtime_ns / 1e9)
        self._seen = seen
        self._size, self._mtime_ns = seen.size, seen.mtime_ns
        self._touched = True  # since it was last read
        self._skipping = False  # within an overlong line
        self._searched = 0  # bytes after the offset that hold no end of a line
        self._judged = -1  # the size at which the last, unfinished line was last looked at
        self._head = self._before = b""
        self._descriptor: int | None = None
        self._retry_at = 0.0
        self._refusal = ""
        self._mark: LineMark | None = None
        self._ts: int | None = None

    # What is known of it

    def see(self, seen: Seen) -> None:
        """A look at the folder found it, maybe under another name."""
        if seen.path != self.path:
            self.path, self._mark = seen.path, None
        self.gone = False
        if seen.closed and not self._seen.closed:
            self._judged = -1
        self._seen = seen
        self._now(seen.size, seen.mtime_ns)

    def check(self) -> None:
        """Look at the open file itself, which is quicker than a look at the folder."""
        if self._descriptor is not None:
            found = os.fstat(self._descriptor)
            self._now(found.st_size, found.st_mtime_ns)

    def _now(self, size: int, mtime_ns: int) -> None:
        if (size, mtime_ns) != (self._size, self._mtime_ns):
            self._size, self._mtime_ns = size, mtime_ns
            self.changed, self._touched = time.monotonic(), True

    @property
    def has_more(self) -> bool:
        """Bytes are there that were not looked at, or may be."""
        behind = self._touched or self._size > self.offset + self._searched
        return behind and time.monotonic() >= self._retry_at

    @property
    def waiting(self) -> bool:
        """Its last line is not ended, but may be handed over all the same when it has been quiet."""
        unended = self._size > self.offset and self._judged != self._size
        return unended and not (self._skipping or self._refusal)

    @property
    def quiet(self) -> bool:
        return time.monotonic() - self.changed >= QUIET

    @property
    def is_open(self) -> bool:
        return self._descriptor is not None

    @property
    def unread(self) -> int:
        return max(0, self._size - self.offset)

    @property
    def mark(self) -> LineMark | None:
        """None before anything was read."""
        if not self.offset:
            return None
        if self._mark is None:
            line = -self.line if self._skipping else self.line
            known = fingerprint(self._head, self._before)
            self._mark = LineMark(self.path, *self.identity, self.offset, line, known)
        return self._mark

    def resume(self, mark: LineMark) -> bool:
        """Go on from a mark, if the file is the one it was made of, or a copy. Raises OSError."""
        descriptor = self.open()
        if descriptor is None or fingerprint_at(descriptor, mark.offset) != mark.fingerprint:
            return False
        self.skip_to(mark.offset, mark.line)
        return True

    def skip_to(self, offset: int, line: int) -> None:
        """Take what stands before an offset as read. Raises OSError."""
        descriptor = self.open()
        assert descriptor is not None
        self._head, self._before = near(descriptor, offset)
        self.offset, self.line, self._skipping = offset, abs(line), line < 0
        self._mark = None

    @property
    def time(self) -> int:
        """Microseconds since 1970 of the next record; that of the last one where it shows none.

        Accounts and events come first: they are to be known when the exchanges of their time are judged.
        """
        if self._ts is None:
            self._ts = self._time_of_next()
        return self._ts

    def _time_of_next(self) -> int:
        if self.kind in FACTS:
            return 0
        was_open = self.is_open
        try:
            descriptor = self.open()
        except OSError:
            descriptor = None  # told when it is read
        start = b"" if descriptor is None else os.pread(descriptor, LOOKED_AT, self.offset)
        if not was_open:
            self.close()
        end = start.find(b"\n") + 1
        found = first_time(self.source, self.kind, start[:end]) if end else None
        return self._seen.mtime_ns // 1000 if found is None else found

    # Reading

    def open(self) -> int | None:
        """The descriptor; None where another file has its name by now. Raises OSError."""
        if self._descriptor is None:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            found = os.fstat(descriptor)
            if (found.st_dev, found.st_ino) != self.identity:
                os.close(descriptor)
                return None
            self._descriptor = descriptor
        return self._descriptor

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def take(self, most: int, until: int | None) -> Block | Rejection | None:
        """The next whole lines, about `most` bytes and about up to a time; None where no line has ended.

        What was read before and is no longer there makes the file `replaced`.
        """
        try:
            descriptor = self.open()
            if descriptor is not None:
                self._refusal = ""
                self.check()
                self._touched = False
                self.replaced = not self.intact(descriptor)
                return None if self.replaced else self._next(descriptor, most, until)
        except FileNotFoundError:
            pass
        except OSError as error:
            self._retry_at = time.monotonic() + RETRY
            told, self._refusal = self._refusal, f"cannot be read from line {self.line} on: {error.strerror}"
            return None if told == self._refusal else Rejection(self.path, None, self._refusal)
        self._retry_at = (
            time.monotonic() + QUIET
        )  # a look at the folder tells its new name, or that it is gone
        return None

    def intact(self, descriptor: int) -> bool:
        """What was read, or looked at, still stands where it was."""
        if not self.offset:
            return os.pread(descriptor, len(self.prefix), 0) == self.prefix
        return near(descriptor, self.offset) == (self._head, self._before)

    def _next(self, descriptor: int, most: int, until: int | None) -> Block | Rejection | None:
        piece = os.pread(descriptor, most, self.offset + self._searched)
        end = piece.rfind(b"\n") + 1
        if self._skipping:
            end = piece.find(b"\n") + 1
            self._skipping = not end
            self.line += not self._skipping
            self._read(piece[: end or None])
            return None
        if end:
            before = _read_all(descriptor, self._searched, self.offset) if self._searched else b""
            data = before + piece[:end]
            if until is not None and self.kind not in FACTS:
                data = data[: end_by_time(self.source, self.kind, data, until)]
            return self._block(data)
        self._searched += len(piece)
        if self._searched > blocks.LONGEST_LINE:
            self._skipping = True
            self._read(_read_all(descriptor, self._searched, self.offset))
            return Rejection(self.path, self.line, f"line longer than {blocks.LONGEST_LINE >> 20} MiB")
        return None

    def take_last(self) -> Block | None:
        """The last line without its end, once quiet: if it is whole JSON, or nothing can follow it."""
        if not (self.waiting and (self.quiet or self._seen.closed)):
            return None
        self._judged = self._size
        try:
            descriptor = self.open()
        except OSError:
            return None
        rest = b"" if descriptor is None else _read_all(descriptor, self.unread, self.offset)
        if not rest or b"\n" in rest or not (self.gone or self._seen.closed or _is_object(rest)):
            return None
        return self._block(rest)

    def _block(self, data: bytes) -> Block:
        first_line, begun = self.line, bool(self.offset)
        self.line += blocks.lines_in(data)
        self._read(data)
        data = data if begun else data.removeprefix(blocks.BYTE_ORDER_MARK)
        return Block(self.source, self.kind, self.path, first_line, data)

    def _read(self, data: bytes) -> None:
        """Count bytes as read."""
        if len(self._head) < NEAR:
            self._head += data[: NEAR - len(self._head)]
        self._before = (self._before + data[-NEAR:])[-NEAR:]
        self.offset += len(data)
        self._searched = 0
        self._mark = self._ts = None


def _is_object(text: bytes) -> bool:
    try:
        _OBJECT.decode(text)
    except NOT_JSON:
        return False
    return True


def _read_all(descriptor: int, count: int, offset: int) -> bytes:
    """All the bytes asked for, which one call need not give."""
    data = os.pread(descriptor, count, offset)
    while len(data) < count and (more := os.pread(descriptor, count - len(data), offset + len(data))):
        data += more
    return data
