"""Chat Completions and Completions of the small provider."""

from collections.abc import Iterator, Sequence
from typing import Any

from stillwatch.lab.provider.script import CREATED, TOKENS_IN, Piece, cut, join, tokens


def whole(script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    if "prompt" in request:
        choice = {"index": 0, "text": _plain(script), "logprobs": None, "finish_reason": "stop"}
        return {**_around(request, "text_completion"), "choices": [choice], "usage": _usage(script)}
    calls = _calls(script)
    message: dict[str, Any] = {"role": "assistant", "content": join(script, "text") or None}
    if reasoning := join(script, "reasoning"):
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


def events(script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "prompt" in request:
        around = _around(request, "text_completion")
        for part in cut(_plain(script)):
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
                for part in cut(piece.text)
            ]
        else:
            field = "content" if piece.kind == "text" else "reasoning_content"
            deltas += [{field: part} for part in cut(piece.text)]
    for delta in deltas:
        yield {**around, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]}
    reason = "tool_calls" if _calls(script) else "stop"
    yield {**around, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": reason}]}
    yield {**around, "choices": [], "usage": _usage(script)}


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
    out = tokens(script)
    return {"prompt_tokens": TOKENS_IN, "completion_tokens": out, "total_tokens": TOKENS_IN + out}


def _plain(script: Sequence[Piece]) -> str:
    """A model without a parser in front: the reasoning stands in the text."""
    reasoning = join(script, "reasoning")
    return (f"<think>{reasoning}</think>" if reasoning else "") + join(script, "text")
