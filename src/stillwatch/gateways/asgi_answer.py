"""The answer of an ASGI application on its way to the customer."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from stillwatch.gateways.passage import Passage
from stillwatch.gateways.stream import Stream
from stillwatch.gateways.trouble import Trouble

Message = MutableMapping[str, Any]
PLAIN = {b"", b"identity"}


class Answer:
    """Sends an answer on: a stream event by event, a whole one edited if a step wants it, anything else as it is."""

    def __init__(
        self,
        passage: Passage,
        send: Callable[[Message], Awaitable[None]],
        limit: int,
        trouble: Trouble,
    ) -> None:
        self._passage = passage
        self._send = send
        self._limit = limit
        self._trouble = trouble
        self._start: Message = {}
        self._stream: Stream | None = None
        self._kept: list[bytes] | None = None  # pieces of an answer that is to be edited whole
        self._size = 0
        self._plain = True
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._stream is not None:
            await self._streamed(self._stream, message)
        elif self._kept is not None:
            await self._whole(self._kept, message)
        else:
            if self._plain:
                self._passage.seen(message.get("body", b""))
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        self._start = message
        self.status = message["status"]
        kind = self._header(b"content-type").split(b";")[0].strip().lower()
        self._plain = self._header(b"content-encoding") in PLAIN
        edits = self._passage.edits_answers
        if edits and not self._plain:
            self._trouble.count("answers_encoded")
        if kind == b"text/event-stream" and self._plain:
            self._stream = self._passage.stream()
            await self._send(self._with_length(None) if edits else message)
        elif edits and self._plain and kind == b"application/json":
            self._kept = []
        else:
            await self._send(message)

    async def _streamed(self, stream: Stream, message: Message) -> None:
        more = message.get("more_body", False)
        body = message.get("body", b"")
        sent = stream.feed(body)
        if not more:
            sent += stream.end()
        if sent is body:
            await self._send(message)
        elif sent or not more:
            await self._send({**message, "body": sent})

    async def _whole(self, kept: list[bytes], message: Message) -> None:
        kept.append(message.get("body", b""))
        self._size += len(kept[-1])
        more = message.get("more_body", False)
        if more and self._size <= self._limit:
            return
        body = b"".join(kept)
        self._kept = None
        if self._size <= self._limit:
            body = self._passage.answer(body)
            await self._send(self._with_length(len(body)))
        else:
            self._trouble.count("answers_unedited")
            self._passage.seen(body)
            await self._send(self._start)
        await self._send({**message, "body": body})

    def _header(self, wanted: bytes) -> bytes:
        return next((value for name, value in self._start.get("headers", ()) if name.lower() == wanted), b"")

    def _with_length(self, length: int | None) -> Message:
        """The start of the answer for a body of another length; None for one that is not known."""
        headers = [pair for pair in self._start.get("headers", ()) if pair[0].lower() != b"content-length"]
        if length is not None:
            headers.append((b"content-length", str(length).encode()))
        return {**self._start, "headers": headers}
