"""A stream on its way to the customer: passed through as it is, or edited event by event."""

from collections.abc import Sequence

from stillwatch.gateways._wire.body import Json, decoded
from stillwatch.gateways._wire.sse import Event, Reframer
from stillwatch.gateways.capture import Capture
from stillwatch.gateways.trouble import Trouble
from stillwatch.responses import EventFilter

NAMED = Event(b"event: -\n")  # what is held back at the end gets a name where its format gives events one


class Stream:
    """Takes the bytes of server-sent events in pieces of any size. No method raises.

    Where no step edits answers, each piece is returned as it is. Otherwise an event is returned once it is whole, and
    in its own bytes if no step changes it. After an error the rest of the stream goes on unchanged.
    """

    def __init__(self, filters: Sequence[EventFilter], capture: Capture, trouble: Trouble) -> None:
        self._filters = filters
        self._capture = capture
        self._trouble = trouble
        self._reframer = Reframer()
        self._edits = bool(filters)
        capture.streamed = True

    def feed(self, piece: bytes) -> bytes:
        """What is sent on for a piece; possibly nothing yet."""
        self._capture.add(piece)
        if not self._edits:
            return piece
        return b"".join([self._edited(event) for event in self._reframer.feed(piece)])

    def end(self) -> bytes:
        """What is sent at the end: an event that was cut short, and what was held back."""
        if not self._edits:
            return b""
        out = [self._edited(event) for event in self._reframer.end()]
        return b"".join([*out, *self._held(NAMED)])

    def event(self, event: Json) -> list[Json]:
        """As `feed`, where the gateway has decoded events; the same object where nothing is changed."""
        self._capture.add_event(event)
        if not self._edits:
            return [event]
        try:
            return self._through(event)
        except Exception as error:  # noqa: BLE001 - a response is a plug-in, and the call goes on
            self._fail(error)
            return [event]

    def held(self) -> list[Json]:
        """As `end`, where the gateway has decoded events."""
        if not self._edits:
            return []
        try:
            return self._at_the_end()
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
            return []

    def _edited(self, event: Event) -> bytes:
        if not self._edits:
            return event.raw
        data = event.data
        if not data.startswith(b"{"):
            return b"".join([*(self._held(event) if data == b"[DONE]" else []), event.raw])
        try:
            document = decoded(data)
            if not isinstance(document, dict):
                return event.raw
            sent = self._through(document)
            if len(sent) == 1 and sent[0] is document:
                return event.raw
            return b"".join([event.raw if each is document else event.with_data(each) for each in sent])
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
            return event.raw

    def _held(self, like: Event) -> list[bytes]:
        return [like.with_data(each) for each in self.held()]

    def _through(self, event: Json) -> list[Json]:
        some = [event]
        for each in self._filters:
            some = [new for old in some for new in each.event(old)]
        return some

    def _at_the_end(self) -> list[Json]:
        some: list[Json] = []
        for each in self._filters:
            some = [new for old in some for new in each.event(old)] + each.end()
        return some

    def _fail(self, error: Exception) -> None:
        self._edits = False
        self._trouble.caught("stream", error)
