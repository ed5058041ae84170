"""Messages of a broker as blocks: each message holds one or more lines of any format of lines.

A line number is the number the broker gave to the message. A message of several lines is a block of its own,
whose name ends in that number and whose lines are counted from 1.
"""

from collections.abc import Iterable, Iterator

import msgspec

from stillwatch.records import SCHEMAS, Rejection
from stillwatch.sources._reading.blocks import documents_in, is_one_document, lines_in
from stillwatch.sources._reading.catalogue import catalogue
from stillwatch.sources._reading.files import recognise
from stillwatch.sources._reading.interface import Block
from stillwatch.sources._reading.unpack import HEAD

BLOCK = 1 << 20  # bytes of messages that are decoded together
SURE = 0.9  # how sure the format of the message before must be of this one, to spare asking all formats
NO_FORMAT = "the message holds no lines of a known log format"
DAMAGED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Message(msgspec.Struct, frozen=True):
    """What a broker delivered: under which subject or topic, with which number."""

    subject: str
    number: int
    data: bytes


class Formats:
    """The format of each message, which is mostly that of the one before."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}  # subject -> format

    def of(self, message: Message) -> tuple[str, str] | None:
        """Format and kind; a subject that ends in `.accounts`, `.events` or `.exchanges` says the kind."""
        told = message.subject.rpartition(".")[2]
        name = f"{told}.jsonl" if told in SCHEMAS else "message"
        head = message.data[:HEAD]
        source = self._last.get(message.subject)
        if source is None or catalogue()[source].matches(name, head) < SURE:
            source = recognise(name, head)
        if source is None:
            return None
        self._last[message.subject] = source
        kind = catalogue()[source].line_kind(name, head)
        return (source, kind) if kind is not None else None


def blocks_of(label: str, messages: Iterable[Message], formats: Formats) -> Iterator[Block | Rejection]:
    """Blocks of messages in their order: runs of single lines with consecutive numbers are put together."""
    run = _Run(label)
    for message in messages:
        lines = _as_lines(message.data)
        if not lines.strip():
            continue
        found = formats.of(Message(message.subject, message.number, lines))
        if found is None:
            yield from run.end()
            yield Rejection(label, message.number, NO_FORMAT)
        elif lines_in(lines) > 1:
            yield from run.end()
            yield Block(*found, f"{label}#{message.number}", 1, lines)
        else:
            if not run.takes(found, message.number):
                yield from run.end()
            run.add(found, message.number, lines)
    yield from run.end()


class _Run:
    """Messages that will be one block."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._lines: list[bytes] = []
        self._size = self._first = 0
        self._found = ("", "")

    def takes(self, found: tuple[str, str], number: int) -> bool:
        return found == self._found and number == self._first + len(self._lines) and self._size < BLOCK

    def add(self, found: tuple[str, str], number: int, line: bytes) -> None:
        if not self._lines:
            self._found, self._first = found, number
        self._lines.append(line)
        self._size += len(line)

    def end(self) -> Iterator[Block]:
        if self._lines:
            yield Block(*self._found, self._label, self._first, b"".join(self._lines))
        self._lines, self._size = [], 0


def _as_lines(data: bytes) -> bytes:
    """Whole lines; a JSON list, or a document laid out over lines, becomes lines."""
    if is_one_document(data):
        try:
            documents = documents_in(data)
        except DAMAGED:
            documents = None  # its lines are rejected one by one
        if documents is not None:
            return b"".join(documents)
    return data if data.endswith(b"\n") else data + b"\n"
