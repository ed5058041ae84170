"""What has arrived and is not yet part of the state: appended, synced, and cut back to the last commit on restart.

A commit is one small file that names how much of every journal file counts and where each stream goes on.
So a record is either in the journal with its stream past it, or not in it and handed over again.
"""

import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch.records import Rejection, StillwatchError, UnreadableInput
from stillwatch.records.durable import replace

COMMIT = "commit.json"
FORM = 2  # of the files
ASIDE = "unreadable-"  # begins the names of files that are kept although they are damaged
_LENGTH_BYTES, _CHECK_BYTES = 8, 4


class Damaged(UnreadableInput):
    """A file of the journal does not hold what was written."""

    def __init__(self, path: Path, where: str) -> None:
        super().__init__(f"{path}: {where}")
        self.rejection = Rejection(str(path), None, f"cannot be read: {where}")


class Commit(msgspec.Struct):
    """The last commit: bytes of each file that count, positions of streams by address, and counts so far."""

    lengths: dict[str, int] = {}
    positions: dict[str, str] = {}
    counts: dict[str, int] = {}
    form: int = 0


class Journal:
    """Append-only files of record batches, one a name, and a file of rejections.

    Raises StillwatchError where what was committed is gone.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self.commit = _last_commit(directory / COMMIT)
        self._written: dict[str, int] = {}
        self._damaged: set[str] = set()
        for file in directory.iterdir():
            if (
                file.name not in self.commit.lengths
                and file.name != COMMIT
                and not file.name.startswith(ASIDE)
            ):
                file.unlink()
        for name, length in self.commit.lengths.items():
            file = directory / name
            if not file.exists() or file.stat().st_size < length:
                raise StillwatchError(f"{file}: shorter than what was committed; the state cannot be trusted")
            os.truncate(file, length)

    def names(self, prefix: str) -> list[str]:
        """Committed and uncommitted files whose name begins so, in order of name."""
        return sorted(name for name in {*self.commit.lengths, *self._written} if name.startswith(prefix))

    def size(self, name: str) -> int:
        """Bytes of a file, committed and uncommitted."""
        return self._written.get(name, self.commit.lengths.get(name, 0))

    def append(self, name: str, batch: pa.RecordBatch) -> None:
        """Add a batch to a file; it counts from the next `sync` on."""
        data = batch.serialize()
        self._write(name, _head(data) + data.to_pybytes())

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
        """The committed batches of a file, where they lie on disk.

        Raises Damaged, after those that lie before the damage.
        """
        return (pa.ipc.read_record_batch(message, schema) for message in self.messages(name))

    def messages(self, name: str) -> Iterator[pa.Buffer]:
        """The same before they are decoded, which makes objects for every column of every batch."""
        path = self._directory / name
        end, at = self.commit.lengths.get(name, 0), 0
        if not end:
            return
        with pa.memory_map(str(path)) as file:
            while at < end:
                head = file.read(_LENGTH_BYTES + _CHECK_BYTES)
                size = int.from_bytes(head[:_LENGTH_BYTES], "little")
                at += len(head) + size
                data = file.read_buffer(size) if at <= end else pa.py_buffer(b"")
                if head != _head(data):
                    self._damaged.add(name)
                    raise Damaged(path, f"damaged between byte {at - size:,} and its end")
                yield data

    def forget(self, names: list[str]) -> None:
        """Delete files whose records are part of the state; those found damaged are kept under another name."""
        for name in names:
            self.commit.lengths.pop(name, None)
        self._save()
        for name in names:
            file = self._directory / name
            if name in self._damaged:
                file.rename(file.with_name(ASIDE + name))
            else:
                file.unlink(missing_ok=True)

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


def _head(data: pa.Buffer) -> bytes:
    """What stands in front of a batch: how long it is, and a sum that tells whether it is whole."""
    size: int = data.size
    length = size.to_bytes(_LENGTH_BYTES, "little")
    return length + zlib.crc32(data, zlib.crc32(length)).to_bytes(_CHECK_BYTES, "little")


def _last_commit(path: Path) -> Commit:
    if not path.exists():
        return Commit(form=FORM)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Commit)
    except msgspec.MsgspecError as error:
        raise StillwatchError(f"{path}: {error}; the state cannot be trusted") from error
    if found.form != FORM:
        raise StillwatchError(
            f"{path}: written by another version of Stillwatch; move the state away to begin anew"
        )
    return found
