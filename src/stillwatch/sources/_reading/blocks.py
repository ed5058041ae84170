"""Cutting a text log into blocks of whole lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from stillwatch.records import Rejection
from stillwatch.sources._reading.interface import Block
from stillwatch.sources._reading.unpack import pieces

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
    gathered: list[bytes] = []
    held, line, skipping = 0, 1, False
    for piece in stream:
        if isinstance(piece, str):
            data = b"".join(gathered)
            data = data[: data.rfind(b"\n") + 1]  # the half line at the break is lost with the rest
            if data:
                yield line, data
            yield line + lines_in(data), piece
            return
        if line == 1 and not gathered:
            piece = piece.removeprefix(BYTE_ORDER_MARK)  # noqa: PLW2901 - the mark is no part of the text
        cut = piece.rfind(b"\n") + 1
        if skipping:
            start = piece.find(b"\n") + 1
            if start == 0:
                continue
            skipping, line = False, line + 1
            piece, cut = piece[start:], cut - start  # noqa: PLW2901
        gathered.append(piece)
        held += len(piece)
        if cut and held >= size:
            gathered[-1] = piece[:cut]
            data = b"".join(gathered)
            yield line, data
            line += lines_in(data)
            gathered, held = [piece[cut:]], len(piece) - cut
        elif held > LONGEST_LINE + size:
            yield line, None
            gathered, held, skipping = [], 0, True
    if held:
        yield line, b"".join(gathered)
