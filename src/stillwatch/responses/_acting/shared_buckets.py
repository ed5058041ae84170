"""Token buckets shared by the processes of one machine, in a small file that each of them maps.

The file is a table of 4,096 slots of 16 bytes: a hash of the campaign and the moment its bucket is full again. A
slot is looked for under a lock on the file (`fcntl.lockf`), which the kernel gives back when a process dies; a
write is eight bytes, so that nothing half done is left. No server has to run, and it costs some microseconds.

The table is full of campaigns long idle before it is full: a slot whose bucket is full is free for another.
"""

import fcntl
import mmap
import os
import struct
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from stillwatch.records import InvalidConfiguration
from stillwatch.responses._acting.buckets import MOST, taken

SLOT = struct.Struct("<Qd")  # hash of the name (0 marks a slot never used), moment of fullness
SIZE = MOST * SLOT.size
PROBES = 64  # slots looked at before the one that is full soonest is taken over


class SharedBuckets:
    """Buckets in a file; each process opens it for itself, also after a fork."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()  # the file's lock holds between processes only
        self._process = 0
        self._open()

    def take(self, name: str, now: float, rate: float, burst: float) -> float:
        with self._lock:
            if self._process != os.getpid():
                self._open()
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX)
            try:
                offset, full_at = self._slot(_hash(name), now)
                moment, wait = taken(full_at, now, rate, burst)
                SLOT.pack_into(self._table, offset, _hash(name), moment)
            finally:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN)
        return wait

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if os.fstat(self._descriptor).st_size < SIZE:
                os.ftruncate(self._descriptor, SIZE)
            self._table = mmap.mmap(self._descriptor, SIZE)
        except OSError as error:
            raise InvalidConfiguration(
                f"the rate file {self._path} cannot be used: {error.strerror}"
            ) from error
        self._process = os.getpid()

    def _slot(self, wanted: int, now: float) -> tuple[int, float]:
        """Where a name's bucket is, or may be put, and its moment of fullness."""
        soonest, free = float("inf"), 0
        for probe in range(PROBES):
            offset = (wanted + probe) % MOST * SLOT.size
            found, full_at = SLOT.unpack_from(self._table, offset)
            if found == wanted:
                return offset, full_at
            moment = full_at if found else float("-inf")
            if moment < soonest:
                soonest, free = moment, offset
            if not found:
                break
        return free, now


def _hash(name: str) -> int:
    return (
        int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1
    )
