"""Cutting a text log into blocks of whole lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from stillwatch.records import Rejection
from stillwatch.sources._reading.interface import Block
from stillwatch.sources._reading.unpack import head_of, pieces

BLOCK = 4 << 20  # bytes: enough lines for columns to pay, little enough to send to a worker
LONGEST_LINE = 64 << 20  # bytes: six times the 10 MB prompt that does occur
LINE_END = ord("\n")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def line_blocks(source: str, kind: str, path: Path, *, size: int = BLOCK) -> Iterator[Block | Rejection]:
    """Blocks of about `size` bytes; a file that cannot be read on is one rejection, after what was read."""
    file = str(path)
    try:
        for first_line, data in whole_lines(pieces(path), size=size):
            if data is None:
                yield Rejection(file, first_line, f"line longer than {LONGEST_LINE >> 20} MiB")
            elif isinstance(data, str):
                yield Rejection(file, None, f"cannot be read from line {first_line} on: {data}")
            else:
                yield Block(source, kind, file, first_line, data)
    except OSError as error:
        yield Rejection(file, None, f"cannot be read: {error}")


def lines_in(data: bytes) -> int:
    """How many line ends there are; several times as fast as `bytes.count`."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == LINE_END))


def whole_lines(stream: Iterable[bytes | str], *, size: int) -> Iterator[tuple[int, bytes | str | None]]:
    """(first line, bytes of whole lines) of a stream of pieces.

    None in place of bytes stands for one overlong line, and text for why the stream broke off.
    """
    held = _Held()
    for piece in stream:
        if isinstance(piece, str):
            yield from held.take_whole_lines()  # the half line at the break is lost with the rest
            yield held.line, piece
            return
        held.add(piece)
        if held.size >= size and held.ended:
            yield from held.take_whole_lines()
        elif held.size > LONGEST_LINE + size:
            yield from held.take_whole_lines()
            if held.size > LONGEST_LINE:
                yield held.line, None
                held.skip()
    if held.size:
        yield held.line, b"".join(held.pieces)


class _Held:
    """Bytes that wait for their line to end; `line` is the number of the first of them."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0
        self.line = 1
        self.ended = False  # whether a line ends among the held bytes
        self.skipping = False  # the rest of an overlong line

    def add(self, piece: bytes) -> None:
        if self.line == 1 and not self.pieces:
            piece = piece.removeprefix(BYTE_ORDER_MARK)
        if self.skipping:
            rest = piece.partition(b"\n")
            if not rest[1]:
                return
            self.skipping, self.line, piece = False, self.line + 1, rest[2]
        self.pieces.append(piece)
        self.size += len(piece)
        self.ended = self.ended or b"\n" in piece

    def skip(self) -> None:
        self.pieces, self.size, self.skipping = [], 0, True

    def take_whole_lines(self) -> Iterator[tuple[int, bytes]]:
        data = b"".join(self.pieces)
        end = data.rfind(b"\n") + 1
        if end:
            yield self.line, data[:end]
            self.line += lines_in(data[:end])
        self.pieces, self.size, self.ended = [data[end:]], len(data) - end, False


def json_blocks(source: str, path: Path) -> Iterator[Block | Rejection]:
    """Blocks of a log of exchanges in JSON: one document a line, or a file that is one list or one document.

    In the second case a line number is the place in the list.
    """
    try:
        documents = _documents(path) if _may_be_one_document(head_of(path)) else None
    except OSError as error:
        yield Rejection(str(path), None, f"cannot be read: {error}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        yield Rejection(str(path), None, f"not a whole JSON list: {error}")
    else:
        if documents is None:
            yield from line_blocks(source, "exchanges", path)
            return
        for first_line, data in whole_lines(documents, size=BLOCK):
            assert isinstance(data, bytes)
            yield Block(source, "exchanges", str(path), first_line, data)


def is_one_document(head: bytes) -> bool:
    """A list, or an object that is laid out over lines, as far as the first bytes of a growing file tell."""
    start = head.removeprefix(BYTE_ORDER_MARK).lstrip()
    first, more, _ = start.partition(b"\n")
    return first.startswith(b"[") or (first.rstrip() == b"{" and bool(more))


def _may_be_one_document(head: bytes) -> bool:
    """A list, or an object whose first line is no whole object and which goes on below."""
    start = head.removeprefix(BYTE_ORDER_MARK).lstrip()
    first, more, _ = start.partition(b"\n")
    if first.startswith(b"[") or not first.startswith(b"{") or not more:
        return first.startswith(b"[")
    return first.rstrip() == b"{" or not first.rstrip().endswith(b"}")


def _documents(path: Path) -> list[bytes] | None:
    """The documents of a list, or one document, each on a line; None for lines of which the first is bad."""
    return documents_in(b"".join(piece for piece in pieces(path) if isinstance(piece, bytes)))


def documents_in(text: bytes) -> list[bytes] | None:
    """As above, of a text; raises what msgspec does for a list that is damaged."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    if text.lstrip().startswith(b"["):
        found = msgspec.json.decode(text, type=list[msgspec.Raw])
    else:
        try:
            found = [msgspec.json.decode(text, type=msgspec.Raw)]
        except (msgspec.MsgspecError, RecursionError):
            return None
    return [msgspec.json.format(bytes(document), indent=-1) + b"\n" for document in found]
