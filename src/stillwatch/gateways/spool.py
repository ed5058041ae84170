"""Files that a gateway hands its records on in: JSON lines, in segments, for `stillwatch watch` to follow.

A segment is `KIND-HOST-PID-N.jsonl.open` while it is written, and loses `.open` when it is closed, by age or size.
Lines are appended whole. A follower may read an open segment as it grows; it reads a closed one to its end and then
deletes it, and the writer never looks for it again. A rename keeps the file, so a reader that has it open loses
nothing, and nothing is left to tidy up, as a marker beside it would be.

A process that died leaves its last segment open. The next one that starts on the same host closes it, or the
follower takes it for closed (`sources.streams`, `consume=1`). A living one closes its own in `segment_seconds`.

Files have mode 0600: exchanges hold text, which `watch` sketches and then deletes.
"""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from stillwatch.sources.streams import segment

MODE = 0o600


class Spool:
    """The segments of one kind of record, written by any thread of this process."""

    def __init__(
        self,
        folder: Path,
        kind: str,
        *,
        segment_bytes: int,
        segment_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._kind = kind
        self._segment_bytes = segment_bytes
        self._segment_seconds = segment_seconds
        self._clock = clock
        self._lock = Lock()
        self._descriptor: int | None = None
        self._process = 0
        self._number = 0
        self._path = folder
        self._size = 0
        self._begun = 0.0

    def append(self, lines: bytes) -> None:
        """Hand whole lines to the operating system: they outlive this process from here on. Raises OSError."""
        with self._lock:
            if self._descriptor is None or self._process != os.getpid():
                self._open()
            assert self._descriptor is not None
            done = os.write(self._descriptor, lines)
            while done < len(lines):
                done += os.write(self._descriptor, lines[done:])
            self._size += len(lines)
            if self._size >= self._segment_bytes:
                self._close()

    def tick(self) -> None:
        """Close the segment if it is old enough. Raises OSError."""
        with self._lock:
            if self._descriptor is not None and self._clock() - self._begun >= self._segment_seconds:
                self._close()

    def close(self) -> None:
        """Close the segment. Raises OSError."""
        with self._lock:
            if self._descriptor is not None and self._process == os.getpid():
                self._close()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._process != os.getpid():
            self._process, self._number = os.getpid(), 0
            _adopt(self._folder, self._kind)
        self._descriptor = None
        while self._descriptor is None:
            self._number += 1
            name = segment.name(self._kind, self._number)
            if (self._folder / name).exists():
                continue  # of an earlier process with this id
            self._path = self._folder / f"{name}{segment.OPEN}"
            try:
                flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                self._descriptor = os.open(self._path, flags, MODE)
            except FileExistsError:
                continue
        self._size, self._begun = 0, self._clock()

    def _close(self) -> None:
        assert self._descriptor is not None
        descriptor, self._descriptor = self._descriptor, None
        os.close(descriptor)
        self._path.rename(self._path.with_suffix(""))


def bytes_in(folder: Path) -> int:
    """How much waits in a spool directory."""
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                total += entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        pass  # a follower has just deleted a segment, or nothing was written yet
    return total


def _adopt(folder: Path, kind: str) -> None:
    """Close the segments of processes of this host that are gone, also of an earlier one with this process's id."""
    for path in folder.glob(f"{kind}-*{segment.OPEN}"):
        named = segment.NAME.fullmatch(path.name)
        ours = named is not None and (named["host"], named["pid"]) == (segment.this_host(), str(os.getpid()))
        if ours or segment.is_left(path.name):
            with contextlib.suppress(FileNotFoundError):  # another worker was quicker
                path.replace(path.with_suffix(""))
