"""Anthropic Messages of the small provider."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from stillwatch.lab.provider.script import TOKENS_IN, Piece, cut, tokens


def whole(script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    called = any(piece.kind == "call" for piece in script)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": request.get("model", "large-1"),
        "content": _blocks(script),
        "stop_reason": "tool_use" if called else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": TOKENS_IN, "output_tokens": tokens(script)},
    }


def events(script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    answer = whole(script, request)
    begun = {"input_tokens": TOKENS_IN, "output_tokens": 1}
    yield {"type": "message_start", "message": {**answer, "content": [], "stop_reason": None, "usage": begun}}
    for index, block in enumerate(answer["content"]):
        yield from _block_events(index, block)
    ended = {"stop_reason": answer["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": {"output_tokens": tokens(script)}}
    yield {"type": "message_stop"}


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


def _block_events(index: int, block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    empty: dict[str, Any] = {"input": {}}
    if block["type"] == "thinking":
        empty = {"thinking": "", "signature": ""}
        deltas = [{"type": "thinking_delta", "thinking": part} for part in cut(block["thinking"])]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    elif block["type"] == "text":
        empty = {"text": ""}
        deltas = [{"type": "text_delta", "text": part} for part in cut(block["text"])]
    else:
        given = json.dumps(block["input"])
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in cut(given)]
    yield {"type": "content_block_start", "index": index, "content_block": {**block, **empty}}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}
