"""OpenAI Responses: what a request asks and an answer says.

Shapes: https://platform.openai.com/docs/api-reference/responses.
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
from stillwatch.sources._reading.turns import text_of


def request_facts(body: Json) -> Facts:
    """Facts of a request body; turns the provider keeps (`previous_response_id`) are not in it."""
    given = at(body, "input")
    inputs = [{"role": "user", "content": given}] if isinstance(given, str) else items(body, "input")
    instructions = at(body, "instructions")
    return {
        "model": text(body, "model"),
        "system": instructions if isinstance(instructions, str) else None,
        "messages": [turn for item in inputs if (turn := _turn(item))] or None,
        "tools": names_of(items(body, "tools")),
        "max_tokens": count(body, "max_output_tokens"),
        "temperature": number(body, "temperature"),
        "logprobs": count(body, "top_logprobs"),
        "stream": flag(body, "stream"),
        "reasoning_effort": text(body, "reasoning", "effort"),
        "end_user_id": first(text(body, "safety_identifier"), text(body, "user")),
        "conversation_id": first(text(body, "conversation"), text(body, "conversation", "id")),
        "replayed_ids": distinct(_sent_back(body, inputs)),
    }


def _turn(item: Json) -> Json:
    role, kind = at(item, "role"), text(item, "type") or "message"
    if kind.endswith("_call_output"):
        return {"role": "tool", "content": text(item, "output")}
    if kind.endswith("_call"):
        return {"role": "assistant", "content": None, "tool_calls": [item]}
    if not isinstance(role, str):
        return None  # a reasoning block or a reference: no turn of its own
    content = at(item, "content")
    return {"role": role, "content": content if isinstance(content, str | list) else None}


def _sent_back(body: Json, inputs: list[Json]) -> Iterator[str | None]:
    yield text(body, "previous_response_id")
    for item in inputs:
        yield text(item, "id")
        yield text(item, "call_id")


def answer_facts(body: Json) -> Facts:
    """Facts of an answer body."""
    outputs = items(body, "output")
    said = [text_of(items(item, "content")) for item in outputs if text(item, "type") == "message"]
    calls = [item for item in outputs if (text(item, "type") or "").endswith("_call")]
    return {
        "response": "\n".join(each for each in said if each) or None,
        "finish_reason": first(text(body, "incomplete_details", "reason"), text(body, "status")),
        "answered_calls": len(calls) if outputs else None,
        "error_type": first(text(body, "error", "type"), text(body, "error", "code")),
        "tokens_in": count(body, "usage", "input_tokens"),
        "tokens_out": count(body, "usage", "output_tokens"),
        "tokens_reasoning": count(body, "usage", "output_tokens_details", "reasoning_tokens"),
        "tokens_cached": count(body, "usage", "input_tokens_details", "cached_tokens"),
    }


def folded(events: list[Json]) -> Json:
    """The answer out of the events of a stream: the last event that carries it whole."""
    return first(*(at(event, "response") for event in reversed(events)))
