"""One call as Envoy tells about it, part by part."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from stillwatch.gateways._envoy import replies
from stillwatch.gateways._envoy.messages import BUFFERED_PARTIAL, NONE, STREAMED
from stillwatch.gateways._envoy.replies import Reply
from stillwatch.gateways._wire.body import encoded
from stillwatch.gateways._wire.routes import route_of
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.opening import Gateway
from stillwatch.gateways.showing import Showing

if TYPE_CHECKING:
    from stillwatch.gateways.passage import Passage
    from stillwatch.gateways.stream import Stream
    from stillwatch.records import Route

OURS = "x-stillwatch-"
PLAIN = frozenset({"", "identity"})
BROKEN_OFF = 499  # as nginx writes it: the client went away before it was answered
SPARE = 1.0  # seconds beyond a hold in which Envoy still waits


class Holds:
    """How many calls wait at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.waiting = 0

    async def wait(self, seconds: float) -> None:
        self.waiting += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self.waiting -= 1

    @property
    def full(self) -> bool:
        return self.waiting >= self._most


class EnvoyCall:
    """Takes the parts of a call in their order, and says what becomes of each."""

    def __init__(self, gateway: Gateway, holds: Holds, *, record_answers: bool) -> None:
        self._gateway = gateway
        self._guard = gateway.guard
        self._holds = holds
        self._record_answers = record_answers
        self._headers: list[tuple[str, str]] = []
        self._route: Route = "other"
        self._passage: Passage | None = None
        self._stream: Stream | None = None
        self._status: int | None = None
        self._whole = False  # the answer comes in one piece, to be edited
        self._ended = False

    async def replies(self, part: str, message: Any) -> AsyncIterator[Reply]:
        """What is said to a part; the last one decides."""
        if part == "request_headers":
            yield self._request_headers(message)
        elif part == "request_body":
            body = message.body if message.end_of_stream else None
            if body is None:
                self._guard.trouble.count("bodies_too_long")
            reply = self._request_body(body)
            delay = self._passage.delay if self._passage is not None else 0.0
            if delay > 0.0 and self._holds.full:
                self._guard.trouble.count("holds_skipped")
            elif delay > 0.0:
                yield replies.wait(delay + SPARE)
                await self._holds.wait(delay)
            yield reply
        elif part == "response_headers":
            yield self._response_headers(message)
        elif part == "response_body":
            yield self._response_body(message)
        else:
            yield replies.go_on(part)

    def unlooked_at(self, part: str) -> Reply:
        """What is said where looking at a part failed: it goes on, unless such requests are to be refused."""
        refusal = self._guard.unavailable(self._route) if part == "request_body" else None
        return replies.go_on(part) if refusal is None else replies.refused(refusal, encoded(refusal.body))

    def close(self) -> None:
        """The call is over, or was broken off: Envoy ends the stream the same way."""
        passage = self._passage
        if passage is None:
            return
        if passage.refusal is not None:
            passage.finish(passage.refusal.status)
        elif self._ended:
            passage.finish(self._status)
        else:
            passage.finish(self._status or BROKEN_OFF, error_type="cancelled")

    def _request_headers(self, message: Any) -> Reply:
        self._headers = _decoded(message)
        single = dict(self._headers)
        route = route_of(single.get(":path", "")) if single.get(":method") == "POST" else None
        ours = [name for name in single if name.startswith(OURS)]
        if route is None or message.end_of_stream:
            return self._about_a_response(single.get(":path", ""))
        self._route = route
        return replies.headers_changed("request_headers", {}, ours)

    def _about_a_response(self, path: str) -> Reply:
        """Nothing more is asked; one of OpenAI's responses goes by the id that the server knows."""
        reply = replies.unseen()
        known = self._guard.ids.path(path) if self._guard.ids is not None else path
        if known != path:
            replies.change(reply, "request_headers", {":path": known}, [])
        return reply

    def _request_body(self, body: bytes | None) -> Reply:
        single = dict(self._headers)
        if body is not None and single.get("content-encoding", "") not in PLAIN:
            self._guard.trouble.count("bodies_encoded")
            body = None
        passage = self._passage = self._guard.request(
            self._caller(), self._route, body, self._showing(single)
        )
        if passage.refusal is not None:
            return replies.refused(passage.refusal, encoded(passage.refusal.body))
        reply = replies.go_on("request_body")
        removed = ["accept-encoding"] if passage.edits_answers else []  # what is compressed cannot be edited
        replies.change(reply, "request_body", passage.forward, removed)
        if passage.changed and (changed := passage.body) is not None:
            replies.replace_body(reply, "request_body", changed)
        return reply

    def _response_headers(self, message: Any) -> Reply:
        """Which of the answer is wanted: its events, or all at once where it is edited whole, or nothing."""
        reply = replies.go_on("response_headers")
        single = dict(_decoded(message))
        status = single.get(":status", "")
        self._status = int(status) if status.isdecimal() else None
        passage = self._passage
        if passage is None or message.end_of_stream:
            self._ended = True
            return reply
        kind = single.get("content-type", "").split(";")[0].strip().lower()
        plain = single.get("content-encoding", "") in PLAIN
        edits = passage.edits_answers
        if edits and not plain:
            self._guard.trouble.count("answers_encoded")
        mode = STREAMED if self._record_answers and plain else NONE
        if plain and kind == "text/event-stream":
            self._stream = passage.stream()
            mode = STREAMED if edits else mode
        elif plain and edits and kind == "application/json":
            self._whole, mode = True, BUFFERED_PARTIAL
        if edits and mode != NONE and "content-length" in single:
            replies.change(reply, "response_headers", {}, ["content-length"])
        self._ended = mode == NONE
        replies.ask_for_answer(reply, mode)
        return reply

    def _response_body(self, message: Any) -> Reply:
        reply = replies.go_on("response_body")
        self._ended = message.end_of_stream
        passage = self._passage
        assert passage is not None
        if self._stream is not None:
            sent = self._stream.feed(message.body)
            if message.end_of_stream:
                sent += self._stream.end()
        elif self._whole and message.end_of_stream:
            sent = passage.answer(message.body)
        else:
            if self._whole:  # Envoy buffers no more of it
                self._guard.trouble.count("answers_unedited")
                self._whole = False
            passage.seen(message.body)
            return reply
        if sent != message.body:
            replies.replace_body(reply, "response_body", sent)
        return reply

    def _showing(self, single: Mapping[str, str]) -> Showing | None:
        """What a call shows, where keys are asked for. Envoy has ended TLS, and is believed."""
        if self._guard.keys is None:
            return None
        return Showing(
            method=single.get(":method", ""),
            path=single.get(":path", ""),
            headers=self._headers,
            ended_tls=True,
        )

    def _caller(self) -> Caller:
        try:
            return self._gateway.identity.caller(self._headers, None)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._guard.trouble.caught("caller", error)
            return Caller(account_id=None)


def _decoded(message: Any) -> list[tuple[str, str]]:
    return [
        (each.key.lower(), each.raw_value.decode("latin-1") if each.raw_value else each.value)
        for each in message.headers.headers
    ]
