"""A file of lines that is appended to by one process and read by others: whole lines only."""

import os
import stat
from pathlib import Path
from typing import NamedTuple

CHUNK = 1 << 16
READABLE = 0o640  # by the group, such as that of a log shipper


class Line(NamedTuple):
    text: bytes  # without its end
    end: int  # offset of the next one


def append_lines(path: Path, lines: bytes) -> None:
    """Append whole lines and see them to the disk; on OSError the file is as it was.

    A line cut short at the end, left by a process that was killed, was never acknowledged: it is cut off.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, READABLE)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            _write(descriptor, lines)
            return
        before = _whole_end(descriptor)
        os.ftruncate(descriptor, before)
        try:
            _write(descriptor, lines)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, before)
            raise
    finally:
        os.close(descriptor)


def next_line(path: Path, offset: int) -> Line | None:
    """The whole line at `offset`, or None while there is none."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            text = file.readline()
    except FileNotFoundError:
        return None
    return Line(text[:-1], offset + len(text)) if text.endswith(b"\n") else None


def whole_end(path: Path) -> int:
    """The offset after the last whole line; 0 where there is no file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        return _whole_end(descriptor)
    finally:
        os.close(descriptor)


def _whole_end(descriptor: int) -> int:
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - CHUNK)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _write(descriptor: int, lines: bytes) -> None:
    left = memoryview(lines)
    while left:
        left = left[os.write(descriptor, left) :]
