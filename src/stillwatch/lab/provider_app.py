"""A small model provider to test gateways against: it speaks Chat, Completions, Messages and Responses.

`ProviderApp` is a plain ASGI application. What it answers is a script, a list of pieces of reasoning, text and calls
of tools, the same whether it is streamed or not. Nothing is generated and no other address is called.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from typing import Any, Literal

import msgspec

from stillwatch.records import Route

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATHS: dict[str, Route] = {
    "/v1/chat/completions": "chat",
    "/v1/completions": "completions",
    "/v1/messages": "messages",
    "/v1/responses": "responses",
}
CREATED = 1_772_438_400  # 2026-03-02T08:00:00Z
CUT = 7  # characters of a streamed delta
TOKENS_IN = 11


class Piece(msgspec.Struct, frozen=True):
    """A part of an answer; of a call, `text` holds the arguments."""

    kind: Literal["reasoning", "text", "call"]
    text: str


SCRIPT = (
    Piece("reasoning", "The user wants the weather, so I look it up. Ω is cut in streams."),
    Piece("text", "Let me look that up."),
    Piece("call", '{"city": "Bern"}'),
    Piece("text", "It rains in Bern — take a coat. ☂"),
)


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
        if request.get("stream"):
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
    return {"messages": _message, "responses": _response}.get(route, _completion)(script, request)


def events(route: Route, script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The events of a streamed answer, each as a JSON object."""
    streams = {"messages": _message_events, "responses": _response_events}
    return streams.get(route, _chunks)(script, request)


def _join(script: Sequence[Piece], kind: str) -> str:
    return "".join(piece.text for piece in script if piece.kind == kind)


def _cut(text: str) -> Iterator[str]:
    return (text[start : start + CUT] for start in range(0, len(text), CUT))


def _tokens(script: Sequence[Piece]) -> int:
    return 1 + sum(len(piece.text) for piece in script) // 4


def _calls(script: Sequence[Piece]) -> list[dict[str, Any]]:
    calls = [piece for piece in script if piece.kind == "call"]
    return [
        {"id": f"call_{number}", "type": "function", "function": {"name": "weather", "arguments": call.text}}
        for number, call in enumerate(calls)
    ]


def _around(request: dict[str, Any], kind: str) -> dict[str, Any]:
    model = request.get("model", "large-1")
    return {"id": "chatcmpl-1", "object": kind, "created": CREATED, "model": model}


def _usage(script: Sequence[Piece]) -> dict[str, Any]:
    out = _tokens(script)
    return {"prompt_tokens": TOKENS_IN, "completion_tokens": out, "total_tokens": TOKENS_IN + out}


def _completion(script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    if "prompt" in request:
        choice = {"index": 0, "text": _plain(script), "logprobs": None, "finish_reason": "stop"}
        return {**_around(request, "text_completion"), "choices": [choice], "usage": _usage(script)}
    calls = _calls(script)
    message: dict[str, Any] = {"role": "assistant", "content": _join(script, "text") or None}
    if reasoning := _join(script, "reasoning"):
        message["reasoning_content"] = reasoning
    if calls:
        message["tool_calls"] = calls
    probabilities = {"content": [{"token": "It", "logprob": -0.1, "bytes": None, "top_logprobs": []}]}
    choices = [
        {
            "index": index,
            "message": message,
            "logprobs": probabilities if request.get("logprobs") else None,
            "finish_reason": "tool_calls" if calls else "stop",
        }
        for index in range(request.get("n") or 1)
    ]
    return {**_around(request, "chat.completion"), "choices": choices, "usage": _usage(script)}


def _plain(script: Sequence[Piece]) -> str:
    """A model without a parser in front: the reasoning stands in the text."""
    reasoning = _join(script, "reasoning")
    return (f"<think>{reasoning}</think>" if reasoning else "") + _join(script, "text")


def _chunks(script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "prompt" in request:
        around = _around(request, "text_completion")
        for part in _cut(_plain(script)):
            yield {**around, "choices": [{"index": 0, "text": part, "logprobs": None, "finish_reason": None}]}
        yield {**around, "choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}]}
        return
    around = _around(request, "chat.completion.chunk")
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    calls = iter(enumerate(_calls(script)))
    for piece in script:
        if piece.kind == "call":
            number, call = next(calls)
            function = {"name": call["function"]["name"], "arguments": ""}
            deltas.append({"tool_calls": [{"index": number, **call, "function": function}]})
            deltas += [
                {"tool_calls": [{"index": number, "function": {"arguments": part}}]}
                for part in _cut(piece.text)
            ]
        else:
            field = "content" if piece.kind == "text" else "reasoning_content"
            deltas += [{field: part} for part in _cut(piece.text)]
    for delta in deltas:
        yield {**around, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]}
    reason = "tool_calls" if _calls(script) else "stop"
    yield {**around, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": reason}]}
    yield {**around, "choices": [], "usage": _usage(script)}


def _blocks(script: Sequence[Piece]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number, piece in enumerate(script):
        if piece.kind == "reasoning":
            made.append({"type": "thinking", "thinking": piece.text, "signature": f"sig{number}"})
        elif piece.kind == "text":
            made.append({"type": "text", "text": piece.text})
        else:
            given = json.loads(piece.text)
            made.append({"type": "tool_use", "id": f"toolu_{number}", "name": "weather", "input": given})
    return made


def _message(script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    called = any(piece.kind == "call" for piece in script)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": request.get("model", "large-1"),
        "content": _blocks(script),
        "stop_reason": "tool_use" if called else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": TOKENS_IN, "output_tokens": _tokens(script)},
    }


def _message_events(script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    whole = _message(script, request)
    begun = {"input_tokens": TOKENS_IN, "output_tokens": 1}
    yield {"type": "message_start", "message": {**whole, "content": [], "stop_reason": None, "usage": begun}}
    for index, block in enumerate(whole["content"]):
        yield from _block_events(index, block)
    ended = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": {"output_tokens": _tokens(script)}}
    yield {"type": "message_stop"}


def _block_events(index: int, block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    empty: dict[str, Any] = {"input": {}}
    if block["type"] == "thinking":
        empty = {"thinking": "", "signature": ""}
        deltas = [{"type": "thinking_delta", "thinking": part} for part in _cut(block["thinking"])]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    elif block["type"] == "text":
        empty = {"text": ""}
        deltas = [{"type": "text_delta", "text": part} for part in _cut(block["text"])]
    else:
        given = json.dumps(block["input"])
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in _cut(given)]
    yield {"type": "content_block_start", "index": index, "content_block": {**block, **empty}}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _items(script: Sequence[Piece]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number, piece in enumerate(script):
        if piece.kind == "reasoning":
            said = [{"type": "summary_text", "text": piece.text}]
            made.append(
                {"type": "reasoning", "id": f"rs_{number}", "summary": said, "encrypted_content": "opaque"}
            )
        elif piece.kind == "text":
            part = {"type": "output_text", "text": piece.text, "annotations": [], "logprobs": []}
            item = {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed"}
            made.append({**item, "content": [part]})
        else:
            call = {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}"}
            made.append({**call, "name": "weather", "arguments": piece.text, "status": "completed"})
    return made


def _response(script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    out = _tokens(script)
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": CREATED,
        "status": "completed",
        "model": request.get("model", "large-1"),
        "output": _items(script),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": TOKENS_IN,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": out,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": TOKENS_IN + out,
        },
    }


def _response_events(script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    whole = _response(script, request)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    made: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for index, item in enumerate(whole["output"]):
        made += _item_events(index, item)
    made.append({"type": "response.completed", "response": whole})
    for number, event in enumerate(made):
        yield {**event, "sequence_number": number}


def _item_events(index: int, item: dict[str, Any]) -> list[dict[str, Any]]:
    place = {"item_id": item["id"], "output_index": index}
    if item["type"] == "reasoning":
        empty = {**item, "summary": []}
        part, named = item["summary"][0], {**place, "summary_index": 0}
        inner = _text_events(
            "response.reasoning_summary_part", "response.reasoning_summary_text", named, part
        )
    elif item["type"] == "message":
        empty = {**item, "content": [], "status": "in_progress"}
        named = {**place, "content_index": 0}
        part = item["content"][0]
        inner = _text_events("response.content_part", "response.output_text", named, part)
    else:
        empty = {**item, "arguments": "", "status": "in_progress"}
        head = "response.function_call_arguments"
        inner = [{"type": f"{head}.delta", **place, "delta": part} for part in _cut(item["arguments"])]
        inner.append({"type": f"{head}.done", **place, "name": "weather", "arguments": item["arguments"]})
    return [
        {"type": "response.output_item.added", "output_index": index, "item": empty},
        *inner,
        {"type": "response.output_item.done", "output_index": index, "item": item},
    ]


def _text_events(
    part_name: str, text_name: str, place: dict[str, Any], part: dict[str, Any]
) -> list[dict[str, Any]]:
    more: dict[str, Any] = {"logprobs": []} if part["type"] == "output_text" else {}
    return [
        {"type": f"{part_name}.added", **place, "part": {**part, "text": ""}},
        *({"type": f"{text_name}.delta", **place, "delta": cut, **more} for cut in _cut(part["text"])),
        {"type": f"{text_name}.done", **place, "text": part["text"], **more},
        {"type": f"{part_name}.done", **place, "part": part},
    ]
