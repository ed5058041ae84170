"""Reading a published file: opened by mapping it into memory, looked up by hash."""

import mmap
import struct
from bisect import bisect_left
from pathlib import Path
from typing import Any, ClassVar, Generic, Self, TypeVar

import msgspec

from stillwatch.policy.lookup.layout import HEADER_BYTES, Header, Kind, hashed
from stillwatch.records import UnreadableInput

Held = TypeVar("Held")


class LookupTable(Generic[Held]):
    """What one published file holds of accounts. Safe to use from several threads."""

    kind: ClassVar[Kind]
    names_type: ClassVar[type[msgspec.Struct]]

    def __init__(self, path: Path, header: Header, data: memoryview, names: Any) -> None:
        self.path = path
        self.version = header.version
        self.created_at = header.created_at
        self._salt = header.salt
        self._shift = 64 - header.bits
        self._buckets = data[header.buckets : header.buckets + 4 * ((1 << header.bits) + 1)].cast("I")
        self._keys = data[header.keys : header.rows].cast("Q")
        self._rows = data[header.rows : header.names]
        self._row = self.kind.row
        self.names = names

    @classmethod
    def open(cls, path: Path) -> Self:
        """Raises UnreadableInput where the file is missing, cut short or not a table of this kind."""
        try:
            with path.open("rb") as file:
                head = file.read(HEADER_BYTES)
                header = Header.decode(cls.kind, head, file.seek(0, 2))
                data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            names = msgspec.msgpack.decode(data[header.names :], type=cls.names_type)
            return cls(path, header, data, names)
        except OSError as error:
            raise UnreadableInput(f"{path}: {error.strerror or error}") from error
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            raise UnreadableInput(f"{path}: {error}") from error

    def __len__(self) -> int:
        return len(self._keys)

    def lookup(self, account_id: str) -> Held | None:
        """What is held of an account. Raises UnreadableInput where the file is damaged."""
        key, check = hashed(self._salt, account_id)
        keys, layout = self._keys, self._row
        try:
            bucket = key >> self._shift
            end = self._buckets[bucket + 1]
            if end > len(keys):
                raise IndexError("a bucket ends beyond the keys")  # noqa: TRY301 - one place says what damage means
            at = bisect_left(keys, key, self._buckets[bucket], end)
            while at < end and keys[at] == key:
                row = layout.unpack_from(self._rows, at * layout.size)
                if row[0] == check:  # two halves of a hash: a chance likeness of one says nothing of anybody
                    return self.held(row)
                at += 1
        except (IndexError, struct.error) as error:
            raise UnreadableInput(f"{self.path}: it is damaged ({error})") from error
        return None

    def held(self, row: tuple[Any, ...]) -> Held:
        """A row as a record; IndexError for a name that is not there."""
        raise NotImplementedError
