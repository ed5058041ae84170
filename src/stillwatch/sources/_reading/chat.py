"""OpenAI Chat Completions and legacy Completions: what a request asks and an answer says.

Shapes: https://platform.openai.com/docs/api-reference/chat.
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
    """Facts of a request body."""
    prompt = at(body, "prompt")
    turns = [turn for turn in items(body, "messages") if isinstance(at(turn, "role"), str)]
    if not turns and isinstance(prompt, str | list):
        turns = [{"role": "user", "content": prompt}]
    return {
        "model": text(body, "model"),
        "messages": [_turn(turn) for turn in turns] or None,
        "tools": names_of([*items(body, "tools"), *items(body, "functions")]),
        "max_tokens": first(count(body, "max_completion_tokens"), count(body, "max_tokens")),
        "temperature": number(body, "temperature"),
        "n_choices": count(body, "n"),
        "logprobs": first(count(body, "top_logprobs"), flag(body, "logprobs"), count(body, "logprobs")),
        "stream": flag(body, "stream"),
        "reasoning_effort": first(text(body, "reasoning_effort"), text(body, "reasoning", "effort")),
        "end_user_id": first(text(body, "safety_identifier"), text(body, "user")),
        "replayed_ids": distinct(_sent_back(turns)),
    }


def _turn(turn: Json) -> Json:
    content = at(turn, "content")
    calls = items(turn, "tool_calls") or ([turn["function_call"]] if at(turn, "function_call") else None)
    return {
        "role": turn["role"],
        "content": content if isinstance(content, str | list) else None,
        "tool_calls": calls,
    }


def _sent_back(turns: list[Json]) -> Iterator[str | None]:
    for turn in turns:
        yield text(turn, "tool_call_id")
        for call in items(turn, "tool_calls"):
            yield text(call, "id")


def answer_facts(body: Json) -> Facts:
    """Facts of an answer body; of several choices the first is the answer."""
    message = first(at(body, "choices", 0, "message"), at(body, "choices", 0, "delta"))
    content = at(message, "content")
    return {
        "response": first(
            text_of(content) if isinstance(content, str | list) else None, text(body, "choices", 0, "text")
        ),
        "finish_reason": text(body, "choices", 0, "finish_reason"),
        "answered_calls": len(items(message, "tool_calls")) if message is not None else None,
        "error_type": first(text(body, "error", "type"), text(body, "error", "code")),
        **usage_facts(at(body, "usage")),
    }


def usage_facts(usage: Json) -> Facts:
    """Token counts of an answer."""
    return {
        "tokens_in": count(usage, "prompt_tokens"),
        "tokens_out": count(usage, "completion_tokens"),
        "tokens_reasoning": count(usage, "completion_tokens_details", "reasoning_tokens"),
        "tokens_cached": count(usage, "prompt_tokens_details", "cached_tokens"),
    }


def folded(chunks: list[Json]) -> Json:
    """The whole answer out of the chunks of a stream; of several choices the first is the answer."""
    parts = [choice for chunk in chunks for choice in items(chunk, "choices") if not at(choice, "index")]
    texts = [part for choice in parts if (part := text(choice, "delta", "content") or text(choice, "text"))]
    calls = {
        at(call, "index")
        for choice in parts
        for call in items(choice, "delta", "tool_calls")
        if isinstance(at(call, "index"), int)
    }
    reasons = [text(choice, "finish_reason") for choice in parts]
    return {
        "id": first(*(text(chunk, "id") for chunk in chunks)),
        "created": first(*(number(chunk, "created") for chunk in chunks)),
        "choices": [
            {
                "message": {"content": "".join(texts) or None, "tool_calls": sorted(calls)},
                "finish_reason": first(*reasons),
            }
        ],
        "usage": first(*(at(chunk, "usage") for chunk in reversed(chunks))),
    }
