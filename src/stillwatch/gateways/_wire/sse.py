"""Server-sent events out of bytes that were cut anywhere, and back.

An event is its bytes, so that what is not changed goes on as it came: the events of a stream, one after the other, are
the stream. See https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

import re
from typing import NamedTuple

from stillwatch.gateways._wire.body import Json, encoded

END = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")  # a line's end and an empty line
LONGEST = 8 << 20  # bytes of one event that are waited for; more goes on as it is, unread
BOM = b"\xef\xbb\xbf"


class Event(NamedTuple):
    """One event as it came, with its end."""

    raw: bytes

    @property
    def data(self) -> bytes:
        """Its data lines, joined."""
        values = [line[5:].removeprefix(b" ") for line in self._lines() if line.startswith(b"data:")]
        return values[0] if len(values) == 1 else b"\n".join(values)

    @property
    def named(self) -> bool:
        """Whether it says what kind of event it is."""
        return any(line.startswith(b"event:") for line in self._lines())

    def _lines(self) -> list[bytes]:
        return self.raw.removeprefix(BOM).splitlines()

    def with_data(self, document: Json) -> bytes:
        """The bytes of an event with other data; other fields than name and data are kept."""
        others = [line for line in self._lines() if line and not line.startswith((b"data:", b"event:", b":"))]
        kind = document.get("type") if isinstance(document, dict) else None
        name = [b"event: " + str(kind).encode()] if self.named and isinstance(kind, str) else []
        return b"\n".join([*name, *others, b"data: " + encoded(document), b"", b""])


class Reframer:
    """Takes a stream in pieces and gives its events as soon as they are whole."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[Event]:
        searched = max(len(self._rest) - 3, 0)  # an end may have been cut into up to four bytes
        data = self._rest + piece if self._rest else piece
        events: list[Event] = []
        begin = 0
        while found := END.search(data, max(begin, searched)):
            events.append(Event(data[begin : found.end()]))
            begin = found.end()
        self._rest = data[begin:]
        if len(self._rest) > LONGEST:
            events.append(Event(self._rest))
            self._rest = b""
        return events

    def end(self) -> list[Event]:
        """What is left: an event that was cut short."""
        rest, self._rest = self._rest, b""
        return [Event(rest)] if rest else []
