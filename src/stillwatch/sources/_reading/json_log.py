"""A log of JSON documents in somebody else's shape: the frame that such a format fills in."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from stillwatch.records import Rejection
from stillwatch.sources._reading.assemble import Origin, assemble
from stillwatch.sources._reading.blocks import is_one_document, json_blocks
from stillwatch.sources._reading.dig import Facts, Json
from stillwatch.sources._reading.interface import Block, Decoded
from stillwatch.sources._reading.lines import BAD_LINE, numbered, reason_of
from stillwatch.sources._reading.rows import ROWS, Row


class JsonLog(msgspec.Struct, frozen=True):
    """A format whose every document yields the facts of some exchanges (mostly one, possibly none)."""

    name: str
    example: bytes
    score: Callable[[bytes], float]
    read: Callable[[Json], Iterable[Facts]]

    def matches(self, name: str, head: bytes) -> float:  # noqa: ARG002 - other formats go by name too
        return self.score(head)

    def line_kind(self, name: str, head: bytes) -> str | None:  # noqa: ARG002 - other formats go by name too
        return None if is_one_document(head) else "exchanges"

    def blocks(self, path: Path) -> Iterator[Block | Rejection]:
        return json_blocks(self.name, path)

    def decode(self, block: Block) -> Decoded:
        gathered = Gathered(block.file)
        for line, text in numbered(block):
            try:
                document = msgspec.json.decode(text)
            except BAD_LINE as error:
                gathered.reject(line, reason_of(error))
                continue
            if isinstance(document, dict):
                gathered.add(line, self.read(document))
            else:
                gathered.reject(line, "not a JSON object")
        return gathered.decoded()


class Gathered:
    """Exchanges of one block, while they are read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows: list[Row] = []
        self.lines: list[int] = []
        self.rejections: list[Rejection] = []

    def add(self, line: int, found: Iterable[Facts]) -> None:
        """Take facts of exchanges that stood on a line; those without what is required are rejected."""
        for facts in found:
            try:
                self.rows.append(msgspec.convert(facts, ROWS["exchanges"]))
            except msgspec.ValidationError as error:
                self.reject(line, reason_of(error))
            else:
                self.lines.append(line)

    def reject(self, line: int | None, reason: str) -> None:
        self.rejections.append(Rejection(self.file, line, reason))

    def decoded(self) -> Decoded:
        return assemble("exchanges", self.rows, Origin(self.file, self.lines, self.rejections))
