"""How far each file was read and how to know it again: what a position says."""

import os
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from stillwatch.records import UsageError

NEAR = 1024  # bytes at the head, and before the offset, that tell a file from another
PREFIX = 64  # bytes by which the file that another is a copy of is looked up


class Identity(NamedTuple):
    """What a file stays under when it is renamed."""

    device: int
    inode: int


class LineMark(msgspec.Struct, frozen=True, array_like=True, tag="lines"):
    """A file of lines, read up to `offset`; `line` is the number of the next line.

    A negative line stands for a place within that line, which is overlong and passed over.
    """

    path: str
    device: int
    inode: int
    offset: int
    line: int
    fingerprint: str


class WholeMark(msgspec.Struct, frozen=True, array_like=True, tag="whole"):
    """A file that is read whole: how many of its blocks were handed over, and whether that was all."""

    path: str
    device: int
    inode: int
    size: int
    mtime_ns: int
    blocks: int
    all: bool


Mark = LineMark | WholeMark


class Position(msgspec.Struct, frozen=True):
    """Of a stream of files: a mark for each that is there, and for the last ones that no longer are."""

    files: list[Mark]
    lost: list[LineMark] = []

    @property
    def by_identity(self) -> dict[Identity, Mark]:
        return {Identity(mark.device, mark.inode): mark for mark in self.files}


def parse_position(address: str, position: str) -> Position:
    """Raises UsageError for what this transport did not write."""
    try:
        return msgspec.json.decode(position, type=Position)
    except msgspec.MsgspecError as error:
        raise UsageError(f"{address}: this is no position in files: {error}") from error


def fingerprint(head: bytes, before: bytes) -> str:
    """Of the first bytes of a file and those before an offset; begins with `prefix_of(head)`."""
    return prefix_of(head) + blake2b(head + before, digest_size=8).hexdigest()


def prefix_of(head: bytes) -> str:
    return blake2b(head[:PREFIX], digest_size=4).hexdigest()


def fingerprint_at(descriptor: int, offset: int) -> str:
    """What `fingerprint` gives for an open file that was read up to `offset`."""
    return fingerprint(*near(descriptor, offset))


def near(descriptor: int, offset: int) -> tuple[bytes, bytes]:
    """The first bytes of an open file and the last before an offset, which may be the same ones."""
    count = min(NEAR, offset)
    return os.pread(descriptor, count, 0), os.pread(descriptor, count, offset - count)
