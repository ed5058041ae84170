"""A small model provider to test gateways against: it speaks Chat, Completions, Messages, Responses and Gemini.

`ProviderApp` is a plain ASGI application. What it answers is a script, a list of pieces of reasoning, text and calls
of tools, the same whether it is streamed or not. Nothing is generated and no other address is called.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from types import ModuleType
from typing import Any

import msgspec

from stillwatch.lab.provider import chat, gemini, messages, responses
from stillwatch.lab.provider.script import SCRIPT, Piece
from stillwatch.records import Route

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATHS: dict[str, Route] = {
    "/v1/chat/completions": "chat",
    "/v1/completions": "completions",
    "/v1/messages": "messages",
    "/v1/responses": "responses",
    "/v1beta/models/large-1:streamGenerateContent": "gemini",
    "/v1beta/models/large-1:generateContent": "gemini",
}
FORMATS: dict[Route, ModuleType] = {
    "chat": chat,
    "completions": chat,
    "messages": messages,
    "responses": responses,
    "gemini": gemini,
}
STREAMED = ":streamGenerateContent"  # as events where the query says alt=sse, else as one list


class ProviderApp:
    """The provider; `seen` holds the bodies and headers of the calls that reached it."""

    def __init__(self, script: Sequence[Piece] = SCRIPT, *, pause: float = 0.0) -> None:
        self.script = script
        self.pause = pause  # seconds between the events of a stream
        self.seen: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] == "websocket":
            await _greet(receive, send)
            return
        body = await _body(receive)
        route = PATHS.get(scope["path"])
        if route is None:
            await _reply(send, 404, b'{"error": {"message": "no such path"}}', "application/json")
            return
        request = json.loads(body)
        self.seen.append(request)
        self.headers.append({name.decode(): value.decode("latin-1") for name, value in scope["headers"]})
        if scope["path"].endswith(STREAMED) and b"alt=sse" not in scope["query_string"]:
            listed = list(events(route, self.script, request))
            await _reply(send, 200, msgspec.json.encode(listed), "application/json")
            return
        if request.get("stream") or scope["path"].endswith(STREAMED):
            await self._stream(send, route, request)
            return
        document = answer(route, self.script, request)
        await _reply(send, 200, msgspec.json.encode(document), "application/json")

    async def _stream(self, send: Send, route: Route, request: dict[str, Any]) -> None:
        head = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        for frame in frames(route, self.script, request):
            await send({"type": "http.response.body", "body": frame, "more_body": True})
            await asyncio.sleep(self.pause)
        await send({"type": "http.response.body", "body": b""})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _greet(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": "hello"})
    await send({"type": "websocket.close", "code": 1000})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _reply(send: Send, status: int, body: bytes, kind: str) -> None:
    head = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def frames(route: Route, script: Sequence[Piece], request: dict[str, Any]) -> Iterator[bytes]:
    """The server-sent events of a streamed answer."""
    for event in events(route, script, request):
        name = f"event: {event['type']}\n" if route in {"messages", "responses"} else ""
        yield f"{name}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
    if route in {"chat", "completions"}:
        yield b"data: [DONE]\n\n"


def answer(route: Route, script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    """The whole answer to a request that is not streamed."""
    made: dict[str, Any] = FORMATS[route].whole(script, request)
    return made


def events(route: Route, script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The events of a streamed answer, each as a JSON object."""
    made: Iterator[dict[str, Any]] = FORMATS[route].events(script, request)
    return made
