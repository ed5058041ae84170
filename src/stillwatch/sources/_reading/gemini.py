"""Google's Gemini (`generateContent`): what a request asks and an answer says.

Shapes: https://ai.google.dev/api/generate-content. Names are written in either way that protocol buffers read. The model
stands in the path; an answer repeats it.
"""

from collections.abc import Iterator
from typing import Any

from stillwatch.sources._reading.dig import (
    Facts,
    Json,
    at,
    count,
    distinct,
    first,
    flag,
    items,
    names_of,
    number,
    text,
)

ROLES = {"model": "assistant", "function": "tool"}


def request_facts(body: Json) -> Facts:
    """Facts of a request body."""
    config = first(at(body, "generationConfig"), at(body, "generation_config"))
    system = first(at(body, "systemInstruction"), at(body, "system_instruction"))
    turns = [turn for turn in items(body, "contents") if isinstance(turn, dict)]
    return {
        "model": text(body, "model"),
        "system": _said(items(system, "parts")),
        "messages": [_turn(turn) for turn in turns] or None,
        "tools": names_of([named for tool in items(body, "tools") for named in _declared(tool)]),
        "max_tokens": _either(count, config, "maxOutputTokens", "max_output_tokens"),
        "temperature": number(config, "temperature"),
        "n_choices": _either(count, config, "candidateCount", "candidate_count"),
        "logprobs": first(
            count(config, "logprobs"), _either(flag, config, "responseLogprobs", "response_logprobs")
        ),
        "reasoning_effort": _effort(first(at(config, "thinkingConfig"), at(config, "thinking_config"))),
        "replayed_ids": distinct(_sent_back(turns)),
    }


def _either(read: Any, document: Json, *names: str) -> Any:
    return first(*(read(document, name) for name in names))


def _effort(thinking: Json) -> str | None:
    names = ("thinkingLevel", "thinking_level", "thinkingBudget", "thinking_budget")
    return first(*(text(thinking, name) for name in names))


def _declared(tool: Json) -> list[Json]:
    """Functions of a tool; a tool of the provider's goes by its name."""
    functions = items(tool, "functionDeclarations") or items(tool, "function_declarations")
    if functions or not isinstance(tool, dict):
        return functions
    return [{"name": name} for name in tool]


def _turn(turn: Json) -> Json:
    role = text(turn, "role") or "user"
    return {"role": ROLES.get(role, role), "content": [_part(part) for part in items(turn, "parts")]}


def _part(part: Json) -> Json:
    """A part in the words of the other formats, as far as turns are counted."""
    if _call(part) is not None:
        return {"type": "function_call"}
    if _result(part) is not None:
        return {"type": "function_call_output"}
    kind = first(
        *(
            text(part, data, name)
            for data in ("inlineData", "fileData", "inline_data", "file_data")
            for name in ("mimeType", "mime_type")
        )
    )
    if kind is not None:
        return {"type": "image" if kind.startswith("image/") else "file"}
    said = None if at(part, "thought") else text(part, "text")
    return {"type": "text", "text": said} if said else {"type": "other"}


def _call(part: Json) -> Json:
    return first(at(part, "functionCall"), at(part, "function_call"))


def _result(part: Json) -> Json:
    return first(at(part, "functionResponse"), at(part, "function_response"))


def _sent_back(turns: list[Json]) -> Iterator[str | None]:
    for turn in turns:
        for part in items(turn, "parts"):
            yield text(_call(part), "id")
            yield text(_result(part), "id")


def _said(parts: list[Json]) -> str | None:
    texts = [said for part in parts if not at(part, "thought") and (said := text(part, "text"))]
    return "".join(texts) or None


def answer_facts(body: Json) -> Facts:
    """Facts of an answer body; of several candidates the first is the answer."""
    candidate, usage = at(body, "candidates", 0), at(body, "usageMetadata")
    parts = items(candidate, "content", "parts")
    return {
        "model": text(body, "modelVersion"),
        "response": _said(parts),
        "finish_reason": text(candidate, "finishReason"),
        "answered_calls": sum(_call(part) is not None for part in parts) if candidate is not None else None,
        "error_type": first(text(body, "error", "status"), text(body, "promptFeedback", "blockReason")),
        "tokens_in": count(usage, "promptTokenCount"),
        "tokens_out": count(usage, "candidatesTokenCount"),
        "tokens_reasoning": count(usage, "thoughtsTokenCount"),
        "tokens_cached": count(usage, "cachedContentTokenCount"),
    }


def folded(chunks: list[Json]) -> Json:
    """The whole answer out of the chunks of a stream; of several candidates the first is the answer."""
    some = [
        candidate
        for chunk in chunks
        for candidate in items(chunk, "candidates")
        if not at(candidate, "index")
    ]
    return {
        "modelVersion": first(*(text(chunk, "modelVersion") for chunk in chunks)),
        "candidates": [
            {
                "content": {"parts": [part for one in some for part in items(one, "content", "parts")]},
                "finishReason": first(*(text(one, "finishReason") for one in some)),
            }
        ],
        "usageMetadata": first(*(at(chunk, "usageMetadata") for chunk in reversed(chunks))),
    }
