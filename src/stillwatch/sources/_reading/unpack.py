"""Bytes of a file, unpacked where it is gzip or zstd, and as many of them as can be had."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

HEAD = 1 << 16  # bytes a format looks at to know its own
READ = 1 << 18  # bytes asked for at once
PACKINGS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}  # first bytes: RFC 1952, RFC 8878
UNREADABLE = (OSError, pa.ArrowException)


def packing_of(path: Path) -> str | None:
    """The packing, by content and not by name."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((packing for magic, packing in PACKINGS.items() if start.startswith(magic)), None)


def open_unpacked(path: Path) -> pa.NativeFile:
    """A stream of unpacked bytes. Raises OSError."""
    packing = packing_of(path)
    return pa.CompressedInputStream(pa.OSFile(str(path)), packing) if packing else pa.OSFile(str(path))


def head_of(path: Path) -> bytes:
    """The first unpacked bytes of a file, at most `HEAD`; less where it breaks before. Raises OSError."""
    head = b""
    for piece in pieces(path, size=HEAD):
        if isinstance(piece, str):
            break
        head += piece
        if len(head) >= HEAD:
            break
    return head


def pieces(path: Path, *, size: int = READ) -> Iterator[bytes | str]:
    """The unpacked bytes of a file, piece by piece.

    Where the file is cut short or damaged, everything before that place comes first and then, as text, why.
    Raises OSError where the file cannot be opened.
    """
    done = 0
    with open_unpacked(path) as stream:
        while True:
            try:
                piece = stream.read(size)
            except UNREADABLE as error:
                broken = str(error)
                break
            if not piece:
                return
            done += len(piece)
            yield piece
    yield _before_the_break(path, done)
    yield broken


def _before_the_break(path: Path, done: int) -> bytes:
    """The last good bytes: a read that fails loses what it had, so they are read again one by one."""
    rest = bytearray()
    with open_unpacked(path) as stream:
        try:
            while done > 0:
                done -= len(stream.read(min(done, READ)))
            while byte := stream.read(1):
                rest += byte
        except UNREADABLE:
            pass  # the caller names the failure; it is the same one
    return bytes(rest)
