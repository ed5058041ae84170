"""Google's Gemini of the small provider."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from stillwatch.lab.provider.script import TOKENS_IN, Piece, cut, tokens


def whole(script: Sequence[Piece], request: dict[str, Any]) -> dict[str, Any]:
    config = request.get("generationConfig", {})
    candidates = [
        _candidate(_parts(script), number) | ({"finishReason": "STOP"} | _probabilities(config))
        for number in range(config.get("candidateCount", 1))
    ]
    return {"candidates": candidates, **_around(script)}


def events(script: Sequence[Piece], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each piece of text in chunks; a call whole, as the API has it."""
    del request
    for part in _parts(script):
        if "text" not in part:
            yield {"candidates": [_candidate([part], 0)], **_around(script)}
            continue
        for text in cut(part["text"]):
            yield {"candidates": [_candidate([{**part, "text": text}], 0)], **_around(script)}
    ended = _candidate([{"text": ""}], 0) | {"finishReason": "STOP"}
    yield {"candidates": [ended], **_around(script)}


def _parts(script: Sequence[Piece]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number, piece in enumerate(script):
        if piece.kind == "reasoning":
            made.append({"text": piece.text, "thought": True})
        elif piece.kind == "text":
            made.append({"text": piece.text})
        else:
            call = {"name": "weather", "args": json.loads(piece.text)}
            made.append({"functionCall": call, "thoughtSignature": f"sig{number}"})
    return made


def _candidate(parts: list[dict[str, Any]], index: int) -> dict[str, Any]:
    return {"content": {"parts": parts, "role": "model"}, "index": index}


def _probabilities(config: dict[str, Any]) -> dict[str, Any]:
    if not config.get("responseLogprobs"):
        return {}
    chosen = [{"token": "It", "tokenId": 5, "logProbability": -0.1}]
    return {"avgLogprobs": -0.1, "logprobsResult": {"chosenCandidates": chosen}}


def _around(script: Sequence[Piece]) -> dict[str, Any]:
    out = tokens(script)
    usage = {
        "promptTokenCount": TOKENS_IN,
        "candidatesTokenCount": out,
        "totalTokenCount": TOKENS_IN + out,
    }
    return {"usageMetadata": usage, "modelVersion": "large-1", "responseId": "resp-1"}
