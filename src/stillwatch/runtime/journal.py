"""What has arrived and is not yet part of the state: appended, synced, and cut back to the last commit on restart.

A commit is one small file that names how much of every journal file counts and where each stream goes on.
So a record is either in the journal with its stream past it, or not in it and handed over again.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch.records import Rejection, StillwatchError
from stillwatch.records.durable import replace

COMMIT = "commit.json"
_LENGTH_BYTES = 8


class Commit(msgspec.Struct):
    """The last commit: bytes of each file that count, positions of streams by address, and counts so far."""

    lengths: dict[str, int] = {}
    positions: dict[str, str] = {}
    counts: dict[str, int] = {}


class Journal:
    """Append-only files of record batches, one a name, and a file of rejections.

    Raises StillwatchError where what was committed is gone.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self.commit = _last_commit(directory / COMMIT)
        self._written: dict[str, int] = {}
        for file in directory.iterdir():
            if file.name not in self.commit.lengths and file.name != COMMIT:
                file.unlink()
        for name, length in self.commit.lengths.items():
            file = directory / name
            if not file.exists() or file.stat().st_size < length:
                raise StillwatchError(f"{file}: shorter than what was committed; the state cannot be trusted")
            os.truncate(file, length)

    def names(self, prefix: str) -> list[str]:
        """Committed and uncommitted files whose name begins so, in order of name."""
        return sorted(name for name in {*self.commit.lengths, *self._written} if name.startswith(prefix))

    def append(self, name: str, batch: pa.RecordBatch) -> None:
        """Add a batch to a file; it counts from the next `sync` on."""
        data = batch.serialize()
        self._write(name, data.size.to_bytes(_LENGTH_BYTES, "little") + data.to_pybytes())

    def reject(self, name: str, rejections: list[Rejection]) -> None:
        """Add rejections, one JSON line each."""
        self._write(name, b"".join(msgspec.json.encode(rejection) + b"\n" for rejection in rejections))

    def sync(self, positions: Mapping[str, str], counts: Mapping[str, int]) -> None:
        """Make everything appended so far count, with where the streams now are."""
        for name in self._written:
            with (self._directory / name).open("rb") as file:
                os.fsync(file.fileno())
        self.commit.lengths |= self._written
        self._written.clear()
        self.commit.positions |= positions
        self.commit.counts = dict(counts)
        self._save()

    def read(self, name: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The committed batches of a file."""
        with pa.memory_map(str(self._directory / name)) as file:
            end, at = self.commit.lengths.get(name, 0), 0
            while at < end:
                size = int.from_bytes(file.read(_LENGTH_BYTES), "little")
                yield pa.ipc.read_record_batch(file.read_buffer(size), schema)
                at += _LENGTH_BYTES + size

    def forget(self, names: list[str]) -> None:
        """Delete files whose records are part of the state."""
        for name in names:
            self.commit.lengths.pop(name, None)
        self._save()
        for name in names:
            (self._directory / name).unlink(missing_ok=True)

    def _write(self, name: str, data: bytes) -> None:
        descriptor = os.open(self._directory / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
        self._written[name] = self._written.get(name, self.commit.lengths.get(name, 0)) + len(data)

    def _save(self) -> None:
        partial = self._directory / (COMMIT + ".partial")
        with partial.open("wb") as file:
            file.write(msgspec.json.encode(self.commit))
        replace(partial, self._directory / COMMIT)


def _last_commit(path: Path) -> Commit:
    if not path.exists():
        return Commit()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Commit)
    except msgspec.MsgspecError as error:
        raise StillwatchError(f"{path}: {error}; the state cannot be trusted") from error
