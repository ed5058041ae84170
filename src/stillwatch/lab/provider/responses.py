"""OpenAI Responses of the small provider."""

from collections.abc import Iterator, Sequence
from typing import Any

from stillwatch.lab.provider.script import CREATED, TOKENS_IN, Piece, cut, tokens


def whole(script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    out = tokens(script)
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


def events(script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    answer = whole(script, request)
    begun = {**answer, "status": "in_progress", "output": [], "usage": None}
    made: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for index, item in enumerate(answer["output"]):
        made += _item_events(index, item)
    made.append({"type": "response.completed", "response": answer})
    for number, event in enumerate(made):
        yield {**event, "sequence_number": number}


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
        inner = [{"type": f"{head}.delta", **place, "delta": part} for part in cut(item["arguments"])]
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
        *({"type": f"{text_name}.delta", **place, "delta": cut, **more} for cut in cut(part["text"])),
        {"type": f"{text_name}.done", **place, "text": part["text"], **more},
        {"type": f"{part_name}.done", **place, "part": part},
    ]
