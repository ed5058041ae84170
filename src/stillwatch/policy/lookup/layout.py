"""How a file to look accounts up in is laid out, in the byte order of the machine.

    header    magic, layout, sizes, version, count, salt, time, where the parts begin, a checksum of it all
    buckets   uint32[2 ** bits + 1]: where the keys with a given beginning start
    keys      uint64[count], ascending: the first half of a keyed hash of each account id
    rows      fixed-size records in the order of the keys; each holds the hash's other half
    names     what rows name by number, in MessagePack

An account id does not stand in the file. The hash is SHA-256 over the file's random salt and the id.
"""

import hashlib
import struct
import zlib
from typing import NamedTuple

from stillwatch.records import Micros

LAYOUT = 1  # reads as another number on a machine of the other byte order
NOTHING = 0xFFFFFFFF  # in place of a number of a name: there is none
PER_BUCKET = 8  # keys, about
MOST_BITS = 24

PAIR = struct.Struct("=QQ")
_HEADER = struct.Struct("=8sIIQQ16sqIIQQQQQ")
_CHECKSUM = struct.Struct("=I")
HEADER_BYTES = 256


class Foreign(ValueError):
    """The bytes are no whole table of the kind that is asked for."""


class Kind(NamedTuple):
    """A kind of table: what its file begins with, its rows (a check, as Q, comes first), and what they are called."""

    magic: bytes
    row: struct.Struct
    called: str


class Header(NamedTuple):
    """Positions are bytes from the start of the file."""

    kind: Kind
    version: int
    entries: int
    salt: bytes
    created_at: Micros
    bits: int
    buckets: int
    keys: int
    rows: int
    names: int
    size: int

    def encode(self) -> bytes:
        head = _HEADER.pack(
            self.kind.magic,
            LAYOUT,
            self.kind.row.size,
            self.version,
            self.entries,
            self.salt,
            self.created_at,
            self.bits,
            0,
            self.buckets,
            self.keys,
            self.rows,
            self.names,
            self.size,
        )
        return (head + _CHECKSUM.pack(zlib.crc32(head))).ljust(HEADER_BYTES, b"\0")

    @classmethod
    def decode(cls, kind: Kind, data: bytes, size: int) -> "Header":
        """Raises Foreign where this is not the header of a file of `size` bytes."""
        if len(data) < HEADER_BYTES:
            raise Foreign("it is shorter than a header")
        magic, layout, row_size, *rest = _HEADER.unpack_from(data)
        version, count, salt, created_at, bits, _, buckets, keys, rows, names, whole = rest
        if magic != kind.magic:
            raise Foreign(f"it is no table of {kind.called}")
        if (layout, row_size) != (LAYOUT, kind.row.size):
            raise Foreign("its layout is of another version, or of a machine of the other byte order")
        if _CHECKSUM.unpack_from(data, _HEADER.size)[0] != zlib.crc32(data[: _HEADER.size]):
            raise Foreign("its header is damaged")
        if whole != size:
            raise Foreign(f"it has {size:,} bytes and was written with {whole:,}")
        return cls(kind, version, count, salt, Micros(created_at), bits, buckets, keys, rows, names, whole)


def layout(kind: Kind, version: int, count: int, salt: bytes, created_at: Micros, names: int) -> Header:
    """The header of a table of `count` rows, with `names` bytes of names."""
    bits = min(max((count // PER_BUCKET).bit_length(), 1), MOST_BITS)
    buckets = HEADER_BYTES
    keys = buckets + -(-4 * ((1 << bits) + 1) // 8) * 8
    rows = keys + 8 * count
    end = rows + kind.row.size * count
    return Header(kind, version, count, salt, created_at, bits, buckets, keys, rows, end, end + names)


def hashed(salt: bytes, account_id: str) -> tuple[int, int]:
    """An account's key, and the check that stands in its row."""
    digest = hashlib.sha256(salt + account_id.encode("utf-8", "surrogatepass")).digest()
    key, check = PAIR.unpack_from(digest)
    return key, check
