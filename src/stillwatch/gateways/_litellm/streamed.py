"""A streamed answer on its way through LiteLLM's proxy."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stillwatch.gateways._litellm import answers

if TYPE_CHECKING:
    from stillwatch.gateways._litellm.open_calls import OpenCalls
    from stillwatch.gateways.stream import Stream
    from stillwatch.gateways.trouble import Trouble


class StreamedAnswer:
    """Takes the events of one answer, objects or bytes. No method raises: what fails goes on as it came."""

    def __init__(self, calls: "OpenCalls", data: dict[str, Any], trouble: "Trouble") -> None:
        self._calls = calls
        self._data = data
        self._trouble = trouble
        self._stream: Stream | None = None
        self._edits = False
        self._like: Any = None  # the last event, which an added one takes its kind from
        try:
            passage = calls.get(data)
            if passage is not None:
                self._stream = passage.stream()
                self._edits = passage.treats_answers
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._failed(error)

    def sent(self, event: Any) -> Iterable[Any]:
        """What is sent on for an event."""
        if self._stream is None:
            return (event,)
        try:
            return self._sent(self._stream, event)
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
            return (event,)

    def rest(self) -> Iterable[Any]:
        """What was held back."""
        if self._stream is None:
            return ()
        try:
            if self._like is None:
                rest = self._stream.end()
                return (rest,) if rest else ()
            return [answers.as_it_was(each, self._like) for each in self._stream.held()]
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
            return ()

    def close(self) -> None:
        """The stream is over, or was broken off."""
        try:
            self._calls.finish(self._data, 200)
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)

    def _sent(self, stream: "Stream", event: Any) -> Iterable[Any]:
        if isinstance(event, str | bytes):  # server-sent events, cut anywhere
            piece = event.encode() if isinstance(event, str) else event
            sent = stream.feed(piece)
            if sent is piece:
                return (event,)
            return ((sent.decode() if isinstance(event, str) else sent),) if sent else ()
        self._like = event
        document = answers.document_of(event)
        cleaned = answers.without_copies(document) if self._edits else document
        return [
            event if each is document else answers.as_it_was(each, event) for each in stream.event(cleaned)
        ]

    def _failed(self, error: Exception) -> None:
        self._stream = None
        self._trouble.caught("litellm_stream", error)
