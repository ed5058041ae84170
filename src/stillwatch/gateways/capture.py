"""The answer of one call as the model gave it, kept until its exchange is written, up to a limit."""

from stillwatch.gateways._wire.body import Json
from stillwatch.gateways.trouble import Trouble


class Capture:
    """Pieces of an answer. What is longer than the limit is let go: of a part nothing could be said."""

    def __init__(self, limit: int, trouble: Trouble) -> None:
        self._limit = limit
        self._trouble = trouble
        self._pieces: list[bytes] = []
        self._events: list[Json] = []
        self._size = 0
        self.streamed = False

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._limit:
            self._pieces.append(piece)
        elif self._pieces:
            self._pieces.clear()
            self._trouble.count("answers_too_long")

    def add_event(self, event: Json) -> None:
        """A decoded event, where a gateway has no bytes; each counts as a kilobyte."""
        self._size += 1_024
        if self._size <= self._limit:
            self._events.append(event)
        elif self._events:
            self._events.clear()
            self._trouble.count("answers_too_long")

    def set(self, document: Json) -> None:
        """A decoded body, where a gateway has no bytes."""
        self._events = [document]

    @property
    def answer(self) -> Json:
        """What `exchange.Finished` takes as the answer."""
        if self._pieces:
            return b"".join(self._pieces)
        if self.streamed:
            return self._events or None
        return self._events[0] if self._events else None
