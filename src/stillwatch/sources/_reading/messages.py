"""Anthropic Messages: what a request asks and an answer says.

Shapes: https://docs.anthropic.com/en/api/messages. Answers do not say how many tokens were thinking.
"""

from collections.abc import Iterator

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
from stillwatch.sources._reading.turns import CALL_PARTS, kind_of, text_of


def request_facts(body: Json) -> Facts:
    """Facts of a request body."""
    turns = [turn for turn in items(body, "messages") if isinstance(at(turn, "role"), str)]
    system = at(body, "system")
    return {
        "model": text(body, "model"),
        "system": text_of(system) if isinstance(system, str | list) else None,
        "messages": [_turn(turn) for turn in turns] or None,
        "tools": names_of(items(body, "tools")),
        "max_tokens": count(body, "max_tokens"),
        "temperature": number(body, "temperature"),
        "stream": flag(body, "stream"),
        "reasoning_effort": first(
            text(body, "output_config", "effort"),
            text(body, "thinking", "budget_tokens"),
            text(body, "thinking", "type"),
        ),
        "end_user_id": text(body, "metadata", "user_id"),
        "replayed_ids": distinct(_sent_back(turns)),
    }


def _turn(turn: Json) -> Json:
    content = at(turn, "content")
    return {"role": turn["role"], "content": content if isinstance(content, str | list) else None}


def _sent_back(turns: list[Json]) -> Iterator[str | None]:
    for turn in turns:
        for part in items(turn, "content"):
            if kind_of(part) in CALL_PARTS:
                yield text(part, "id")
            yield text(part, "tool_use_id")


def answer_facts(body: Json) -> Facts:
    """Facts of an answer body. `tokens_in` counts cached tokens too, as other providers do."""
    parts = items(body, "content")
    usage = at(body, "usage")
    counts = [
        count(usage, name)
        for name in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    ]
    return {
        "response": text_of([part for part in parts if kind_of(part) == "text"]),
        "finish_reason": text(body, "stop_reason"),
        "answered_calls": sum(kind_of(part) in CALL_PARTS for part in parts) if parts else None,
        "error_type": text(body, "error", "type"),
        "tokens_in": None if counts[0] is None else sum(each or 0 for each in counts),
        "tokens_out": count(usage, "output_tokens"),
        "tokens_cached": counts[1],
    }


def folded(events: list[Json]) -> Json:
    """The whole answer out of the events of a stream."""
    begun = first(*(at(event, "message") for event in events)) or {}
    said = "".join(part for event in events if (part := text(event, "delta", "text")))
    calls = [block for event in events if kind_of(block := at(event, "content_block")) in CALL_PARTS]
    usage: Json = {}
    for found in [at(begun, "usage"), *(at(event, "usage") for event in events)]:
        usage |= found if isinstance(found, dict) else {}
    return {
        "id": text(begun, "id"),
        "content": [*([{"type": "text", "text": said}] if said else []), *calls],
        "stop_reason": first(*(text(event, "delta", "stop_reason") for event in events)),
        "usage": usage,
    }
