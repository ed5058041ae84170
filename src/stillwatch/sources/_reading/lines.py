"""Lines of JSON to rows: the whole block at once, and line by line only where a line is bad."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec

from stillwatch.records import SCHEMAS, Rejection
from stillwatch.sources._reading.assemble import Origin, assemble
from stillwatch.sources._reading.blocks import lines_in
from stillwatch.sources._reading.interface import Block, Decoded
from stillwatch.sources._reading.rows import ROWS, Row

BAD_LINE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
SAMPLED = 16  # lines of a block that are searched for names outside the contract


@cache
def decoder(kind: str) -> "msgspec.json.Decoder[Any]":
    """The decoder of one kind of record in canonical form."""
    return msgspec.json.Decoder(ROWS[kind])


def decode_canonical(block: Block) -> Decoded:
    """Read lines that are records of the contract."""
    assert block.data is not None
    rows, lines, rejections = read_lines(block, decoder(block.kind))
    unknown = outside(block.data, set(SCHEMAS[block.kind].names))
    return assemble(block.kind, rows, Origin(block.file, lines, rejections, unknown))


def read_lines(
    block: Block, read: "msgspec.json.Decoder[Any]"
) -> tuple[list[Row], "range | list[int]", list[Rejection]]:
    """Rows, the line of each, and rejections."""
    assert block.data is not None
    count = lines_in(block.data) + (not block.data.endswith(b"\n"))
    try:
        rows = read.decode_lines(block.data)
    except BAD_LINE:
        rows = []
    if len(rows) == count:
        return rows, range(block.first_line, block.first_line + count), []
    return _line_by_line(block, read.decode)


def _line_by_line(block: Block, read: Callable[[bytes], Row]) -> tuple[list[Row], list[int], list[Rejection]]:
    rows, lines, rejections = [], [], []
    for line, text in numbered(block):
        try:
            rows.append(read(text))
        except BAD_LINE as error:
            rejections.append(Rejection(block.file, line, reason_of(error)))
        else:
            lines.append(line)
    return rows, lines, rejections


def numbered(block: Block) -> Iterator[tuple[int, bytes]]:
    """Every line that is not blank, with its number."""
    assert block.data is not None
    for line, text in enumerate(block.data.split(b"\n"), block.first_line):
        if not text.isspace() and text:
            yield line, text


def reason_of(error: Exception) -> str:
    """Why a line could not be read, for people."""
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    if isinstance(error, RecursionError):
        return "JSON nested too deeply"
    if isinstance(error, msgspec.ValidationError):
        said, _, where = str(error).partition(" - at `$")
        said = said.replace("Object missing required field", "is required:")
        field = where.rstrip("`").lstrip(".")
        if not field and said.endswith("got `array`"):
            return f"{said}; write one object a line"
        return f"{field}: {said}" if field else said
    return f"not JSON: {error}"


def outside(data: bytes, known: set[str]) -> set[str]:
    """Names that some lines of a block carry and the contract does not know."""
    names: set[str] = set()
    step = max(1, len(data) // SAMPLED)
    for start in range(0, len(data), step):
        begin = data.find(b"\n", start) + 1 if start else 0
        end = data.find(b"\n", begin)
        try:
            names |= set(_KEYS.decode(data[begin : end if end >= 0 else len(data)]))
        except BAD_LINE:
            continue
    return names - known


_KEYS: "msgspec.json.Decoder[dict[str, msgspec.Raw]]" = msgspec.json.Decoder(dict[str, msgspec.Raw])
