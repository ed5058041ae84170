"""Sketches of a live watch on disk: one sorted Parquet file for each slice of time that is over, and its ids beside it.

A file covers a slice, or several where little came. It is written and read piece by piece, so no slice need fit
into memory; it is there whole or not at all, and never changed. Ids that came before are found by reading the files of
ids through, eight bytes an exchange, past a sieve made of those that are asked for: of its size is the memory that
takes, whatever the log holds.
"""

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.features.distinct import distinct
from stillwatch.features.sketch import SKETCHES
from stillwatch.features.sketchlog import TICK
from stillwatch.records import Rejection
from stillwatch.records.durable import replace

SLICE = TICK // 72  # microseconds: five minutes
UNREADABLE = "unreadable"  # folder for files that are set aside
READ_AT_ONCE = 1 << 20  # ids
ROOM, MOST_BITS = (
    5,
    24,
)  # bits: a sieve has 32 to 64 places for each id, and 16 MB at the most: it is to stay in the cache
_NAME = re.compile(r"slice-(\d+)\.(parquet|ids|partial|ids\.partial)")


class SlicedLog:
    """A directory of slices, numbered from 1970 on. What is in it is found again when it is opened anew."""

    def __init__(self, directory: Path, before: int | None = None) -> None:
        """`before` leaves out that slice and later ones."""
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        files = [(path, number) for path, number in self._files() if before is None or number < before]
        self._slices = {number for path, number in files if path.suffix == ".parquet"}
        self._met = self._slices | {number for path, number in files if path.suffix == ".ids"}
        self.refused: list[Rejection] = []  # what could not be read

    def place(self, number: int, pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """Keep the sketches of a slice, each piece as it passes: in order of time and then of id, each call once.

        They are kept once the last one has passed. Replaces a former try.
        """
        path = self._path(number)
        partial = path.with_suffix(".partial")
        ids = [np.zeros(0, np.uint64)]
        try:
            with pq.ParquetWriter(
                partial,
                SKETCHES,
                compression="lz4",
                use_dictionary=["account_id", "model"],
                write_page_checksum=True,
            ) as writer:
                for piece in pieces:
                    writer.write_table(piece, row_group_size=max(len(piece), 1))
                    ids.append(piece["id"].to_numpy())
                    yield piece
            self._keep_ids(number, np.concatenate(ids))
            partial.chmod(0o600)
            replace(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        self._slices.add(number)
        self._met.add(number)

    def ticks(self) -> list[int]:
        """Ticks that hold sketches, in order."""
        return sorted({number * SLICE // TICK for number in self._slices})

    def read(self, tick: int) -> Iterator[pa.RecordBatch]:
        """All sketches of a tick, in order of time and then of id, each call once.

        A file that cannot be read, or not to its end, is set aside and told in `refused`.
        """
        for number in sorted(number for number in self._slices if number * SLICE // TICK == tick):
            yield from self._read(number)

    def known(self, ids: np.ndarray, since: int, before: int) -> np.ndarray:
        """Those of `ids` (uint64) that slices in [since, before) hold already, ascending."""
        out = [np.zeros(0, np.uint64)]
        if len(ids):
            sieve, room = Sieve(ids), np.empty(READ_AT_ONCE, np.uint64)
            for number in sorted(number for number in self._met if since <= number < before):
                out += [sieve.caught(chunk) for chunk in self._ids(number, room)]
        return distinct(np.concatenate(out))

    def held(self, since: int, before: int) -> int:
        """How many ids slices in [since, before) hold."""
        kept = [self._ids_path(number) for number in self._met if since <= number < before]
        return sum(path.stat().st_size for path in kept if path.exists()) // np.uint64().itemsize

    def unreadable(self) -> list[Path]:
        """Files that were set aside, by whichever process, in order of name."""
        folder = self._directory / UNREADABLE
        return sorted(folder.iterdir()) if folder.exists() else []

    def clear_from(self, number: int) -> None:
        """Delete what is kept of a slice and later ones, also what a try that was cut off left of them."""
        for path, there in self._files():
            if there >= number:
                path.unlink(missing_ok=True)
        self._keep({there for there in self._met if there < number})

    def drop_before(self, number: int) -> int:
        """Delete the slices before `number`; returns how many files there were."""
        old = {there for there in self._met if there < number}
        for there in old:
            self._path(there).unlink(missing_ok=True)
            self._ids_path(there).unlink(missing_ok=True)
        self._keep(self._met - old)
        return len(old)

    def _keep(self, numbers: set[int]) -> None:
        self._met &= numbers
        self._slices &= numbers

    def _files(self) -> Iterator[tuple[Path, int]]:
        for path in self._directory.iterdir():
            named = _NAME.fullmatch(path.name)
            if named:
                yield path, int(named[1])

    def _path(self, number: int) -> Path:
        return self._directory / f"slice-{number}.parquet"

    def _ids_path(self, number: int) -> Path:
        return self._path(number).with_suffix(".ids")

    def _read(self, number: int, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        path = self._path(number)
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                for group in range(file.num_row_groups):
                    yield from file.read_row_group(group, columns).to_batches()
        except (pa.ArrowException, OSError, ValueError) as error:
            if not _damaged(error):
                raise
            self._set_aside(number, error)

    def _set_aside(self, number: int, error: Exception) -> None:
        path = self._path(number)
        aside = self._directory / UNREADABLE / path.name
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):  # another process was first
            path.rename(aside)
        self._slices.discard(number)
        self.refused.append(Rejection(str(aside), None, f"cannot be read, and is set aside: {error}"))

    def _keep_ids(self, number: int, ids: np.ndarray) -> None:
        path = self._ids_path(number)
        partial = path.with_suffix(".ids.partial")
        try:
            np.sort(ids).tofile(partial)
            partial.chmod(0o600)
            replace(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    def _ids(self, number: int, room: np.ndarray) -> Iterator[np.ndarray]:
        """The ids of a slice, read into `room`; where they are missing or damaged, they are taken from the sketches."""
        path = self._ids_path(number)
        try:
            whole = path.stat().st_size % np.uint64().itemsize == 0
            with path.open("rb", buffering=0) as file:
                while whole and (read := file.readinto(room.data)):
                    yield room[: read // room.itemsize]
        except OSError as error:
            if not (isinstance(error, FileNotFoundError) or _damaged(error)):
                raise
            whole = False
        if not whole and self._path(number).exists():
            batches = self._read(number, ["id"])
            ids = np.concatenate(
                [np.zeros(0, np.uint64), *(batch.column("id").to_numpy() for batch in batches)]
            )
            if number in self._slices:
                self._keep_ids(number, ids)
            yield ids


class Sieve:
    """Lets through those of many ids that are among the few it was made of, most others by one look at a table."""

    def __init__(self, ids: np.ndarray) -> None:
        self._ids = distinct(ids)
        bits = min(len(self._ids).bit_length() + ROOM, MOST_BITS)
        self._shift = np.uint64(64 - bits)
        self._there = np.zeros(1 << bits, bool)
        self._there[self._ids >> self._shift] = True

    def caught(self, ids: np.ndarray) -> np.ndarray:
        """Those of `ids` that are among its own."""
        some = ids[self._there[(ids >> self._shift).view(np.int64)]]
        at = np.searchsorted(self._ids, some)
        at[at == len(self._ids)] = 0
        out: np.ndarray = some[self._ids[at] == some]
        return out


def _damaged(error: Exception) -> bool:
    """Whether what was read is broken, rather than reading it was hindered."""
    if isinstance(error, OSError):
        return error.errno in {None, 0, errno.EIO, errno.EBADMSG}
    return not isinstance(error, MemoryError)
