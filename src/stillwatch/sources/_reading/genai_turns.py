"""The conversation in a span or its events, in the four ways that OpenTelemetry's conventions recorded it."""

from collections.abc import Iterator, Sequence
from typing import Any

from stillwatch.sources._reading.dig import Json, at, first, items, parsed, text
from stillwatch.sources._reading.exchange import calls_in
from stillwatch.sources._reading.turns import text_of

MESSAGE_EVENTS = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
CHOICE = "gen_ai.choice"
Event = tuple[str, dict[str, Any]]  # name, attributes or body


def listed(given: dict[str, Any], name: str) -> list[Json]:
    """A list, also one that was written as JSON text."""
    return items(parsed(at(given, name)))


def asked(given: dict[str, Any], events: Sequence[Event]) -> list[Json]:
    """The turns sent, in whichever of the four ways they were recorded."""
    current = listed(given, "gen_ai.input.messages")
    if current:
        return [_turn(each, at(each, "parts")) for each in current if text(each, "role")]
    said = [(MESSAGE_EVENTS[name], body) for name, body in events if name in MESSAGE_EVENTS]
    if said:
        return [
            _turn({"role": text(body, "role") or role, **body}, at(body, "content")) for role, body in said
        ]
    return _indexed(given, "gen_ai.prompt.", "") or _indexed(given, "llm.input_messages.", "message.")


def _turn(message: Json, content: Json) -> Json:
    content = parsed(content)
    return {
        "role": text(message, "role"),
        "content": content if isinstance(content, str | list) else None,
        "tool_calls": items(message, "tool_calls") or None,
        "tool_call_id": first(text(message, "tool_call_id"), text(message, "id")),
    }


def _indexed(given: dict[str, Any], prefix: str, inner: str, *, speaker: str | None = None) -> list[Json]:
    """Turns under numbered names; `speaker` is whose they are where no role is stated."""
    turns = []
    for each in numbered(given, prefix):
        parts = numbered(each, f"{inner}contents.")
        content = at(each, f"{inner}content")
        if parts:
            content = [
                {
                    "type": text(part, "message_content.type"),
                    "text": text(part, "message_content.text"),
                }
                for part in parts
            ]
        calls = [
            {"id": first(text(call, "tool_call.id"), text(call, "id"))}
            for call in numbered(each, f"{inner}tool_calls.")
        ]
        role, answers = text(each, f"{inner}role") or speaker, text(each, f"{inner}tool_call_id")
        if role:
            turns.append(_turn({"role": role, "tool_calls": calls, "tool_call_id": answers}, content))
    return turns


def numbered(given: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    """Attributes `prefix`N.rest, gathered by N."""
    found: dict[int, dict[str, Any]] = {}
    for name, value in given.items():
        if name.startswith(prefix):
            place, _, rest = name[len(prefix) :].partition(".")
            if place.isdecimal() and len(place) < 10:
                found.setdefault(int(place), {})[rest] = value
    return [found[place] for place in sorted(found)]


def answered(given: dict[str, Any], events: Sequence[Event]) -> tuple[str | None, int, str | None]:
    """The answer's text, how many tools it calls, and why it ended."""
    current = listed(given, "gen_ai.output.messages")
    choices = [body for name, body in events if name == CHOICE]
    if current:
        turn, reason = _turn(current[0], at(current[0], "parts")), text(current[0], "finish_reason")
    elif choices:
        message = parsed(first(at(choices[0], "message"), choices[0]))
        turn, reason = _turn(message, at(message, "content")), text(choices[0], "finish_reason")
    else:
        turns = _indexed(given, "gen_ai.completion.", "", speaker="assistant") or _indexed(
            given, "llm.output_messages.", "message."
        )
        turn, reason = (turns[0] if turns else {}), text(given, "gen_ai.completion.0.finish_reason")
    return text_of(at(turn, "content")), calls_in([turn]), reason


def sent_back(turns: list[Json]) -> Iterator[str | None]:
    for turn in turns:
        if turn["role"] == "tool":
            yield turn["tool_call_id"]
        for call in [*items(turn, "tool_calls"), *items(turn, "content")]:
            if text(call, "type") in {None, "function", "tool_call", "tool_call_response"}:
                yield text(call, "id")
