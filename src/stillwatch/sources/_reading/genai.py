"""Spans and log events of OpenTelemetry as facts of exchanges, in all four generations of names.

Current `gen_ai.*` (messages in `gen_ai.input.messages`), v1.36 (`gen_ai.system`, one event a message),
OpenLLMetry (`gen_ai.prompt.N.content`, `traceloop.*`) and OpenInference (`llm.input_messages.N...`,
`openinference.span.kind`). Names: the semantic-conventions-genai repository, v1.36.0 of semantic-conventions,
opentelemetry-semantic-conventions-ai, and OpenInference's specification, read November 2026.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

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
    parsed,
    text,
)
from stillwatch.sources._reading.exchange import calls_in
from stillwatch.sources._reading.turns import text_of

ACCOUNT = (
    "stillwatch.account_id",
    "account.id",
    "account_id",
    "tenant.id",
    "organization.id",
    "traceloop.association.properties.account_id",
    "traceloop.association.properties.customer_id",
    "traceloop.association.properties.org_id",
    "enduser.id",
    "user.id",
    "gen_ai.user",
    "traceloop.association.properties.user_id",
)
INFERENCE = {"chat", "generate_content", "text_completion", "completion", "responses"}
DETAILS = "gen_ai.client.inference.operation.details"
MESSAGE_EVENTS = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
CHOICE = "gen_ai.choice"
FAILED = 2  # status code ERROR of a span


class Moment(msgspec.Struct):
    """A span, or the log events of one span. `attributes` are the resource's and its own."""

    trace: str
    span: str
    begun: int  # nanoseconds
    ended: int | None
    attributes: dict[str, Any]
    events: list[tuple[str, dict[str, Any]]] = []  # name, attributes or body
    status: int = 0

    def milliseconds(self) -> float | None:
        """How long it took, where that is known."""
        return None if self.ended is None or self.ended < self.begun else (self.ended - self.begun) / 1e6


def is_inference(moment: Moment) -> bool:
    """Whether it is a call of a model for an answer, and no embedding, tool or agent step around one."""
    given = moment.attributes
    operation = text(given, "gen_ai.operation.name")
    kind = first(text(given, "llm.request.type"), text(given, "openinference.span.kind"))
    if operation is not None or kind is not None:
        return operation in INFERENCE or (kind or "").lower() in {*INFERENCE, "llm"}
    names = {name for name, _ in moment.events}
    return "gen_ai.request.model" in given or bool(names & {DETAILS, CHOICE, *MESSAGE_EVENTS})


def facts_of(moment: Moment) -> Facts:
    """The exchange that a span or its events describe."""
    given = moment.attributes
    for name, more in moment.events:
        if name == DETAILS:
            given = given | more
    turns = _asked(given, moment.events)
    response, calls, reason = _answered(given, moment.events)
    system = text_of(_list(given, "gen_ai.system_instructions"))
    sent = calls_in(turns)
    settings = parsed(at(given, "llm.invocation_parameters"))
    return {
        "exchange_id": f"{moment.trace}:{moment.span}" if moment.span else text(given, "gen_ai.response.id"),
        "ts": moment.begun // 1000,
        "account_id": _of(given, *ACCOUNT),
        "org_id": _of(given, "organization.id", "traceloop.association.properties.org_id"),
        "end_user_id": _of(given, "enduser.id", "user.id", "gen_ai.user"),
        "session_id": _of(given, "session.id", "traceloop.association.properties.session_id"),
        "conversation_id": _of(given, "gen_ai.conversation.id"),
        "model": _of(given, "gen_ai.request.model", "llm.model_name", "gen_ai.response.model"),
        "system": system,
        "messages": turns or None,
        "tools": _tools(given),
        "n_tool_calls": sent + calls if turns or response is not None else None,
        "max_tokens": first(count(given, "gen_ai.request.max_tokens"), count(settings, "max_tokens")),
        "temperature": first(number(given, "gen_ai.request.temperature"), number(settings, "temperature")),
        "n_choices": first(count(given, "gen_ai.request.choice.count"), count(settings, "n")),
        "stream": first(
            flag(given, "gen_ai.request.stream"),
            flag(given, "gen_ai.is_streaming"),
            flag(given, "llm.is_streaming"),
        ),
        "reasoning_effort": _of(
            given, "gen_ai.request.reasoning.level", "gen_ai.openai.request.reasoning_effort"
        ),
        "response": response,
        "finish_reason": first(text(_list(given, "gen_ai.response.finish_reasons"), 0), reason),
        "replayed_ids": distinct(_sent_back(turns)),
        "latency_ms": moment.milliseconds(),
        **_usage(given),
        **_network(given, moment.status),
    }


def _of(given: dict[str, Any], *names: str) -> str | None:
    return first(*(text(given, name) for name in names))


def _list(given: dict[str, Any], name: str) -> list[Json]:
    return items(parsed(at(given, name)))


def _usage(given: dict[str, Any]) -> Facts:
    def counted(*names: str) -> int | None:
        return first(*(count(given, name) for name in names))

    return {
        "tokens_in": counted(
            "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"
        ),
        "tokens_out": counted(
            "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion"
        ),
        "tokens_reasoning": counted(
            "gen_ai.usage.reasoning.output_tokens",
            "gen_ai.usage.reasoning_tokens",
            "llm.usage.reasoning_tokens",
            "llm.token_count.completion_details.reasoning",
        ),
        "tokens_cached": counted(
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "llm.token_count.prompt_details.cache_read",
        ),
    }


def _network(given: dict[str, Any], status: int) -> Facts:
    language = at(given, "http.request.header.accept-language")
    error = _of(given, "error.type")
    return {
        "http_status": first(
            count(given, "http.response.status_code"),
            count(given, "http.status_code"),
            count(given, "error.type"),
        ),
        "error_type": error or ("error" if status == FAILED else None),
        "client_ip": _of(given, "client.address", "http.client_ip"),
        "user_agent": _of(given, "user_agent.original", "http.user_agent"),
        "ja4": _of(given, "tls.client.ja4", "http.request.header.x-ja4"),
        "accept_language": text(language[0] if isinstance(language, list) and language else language),
    }


def _tools(given: dict[str, Any]) -> list[str] | None:
    numbered = [{"name": text(each, "name")} for each in _numbered(given, "llm.request.functions.")]
    schemas = [parsed(at(each, "tool.json_schema")) for each in _numbered(given, "llm.tools.")]
    return names_of([*_list(given, "gen_ai.tool.definitions"), *numbered, *schemas])


def _asked(given: dict[str, Any], events: Sequence[tuple[str, dict[str, Any]]]) -> list[Json]:
    """The turns sent, in whichever of the four ways they were recorded."""
    current = _list(given, "gen_ai.input.messages")
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


def _indexed(given: dict[str, Any], prefix: str, inner: str) -> list[Json]:
    turns = []
    for each in _numbered(given, prefix):
        parts = _numbered(each, f"{inner}contents.")
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
            for call in _numbered(each, f"{inner}tool_calls.")
        ]
        role, answers = text(each, f"{inner}role"), text(each, f"{inner}tool_call_id")
        if role:
            turns.append(_turn({"role": role, "tool_calls": calls, "tool_call_id": answers}, content))
    return turns


def _numbered(given: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    """Attributes `prefix`N.rest, gathered by N."""
    found: dict[int, dict[str, Any]] = {}
    for name, value in given.items():
        if name.startswith(prefix):
            place, _, rest = name[len(prefix) :].partition(".")
            if place.isdecimal() and len(place) < 10:
                found.setdefault(int(place), {})[rest] = value
    return [found[place] for place in sorted(found)]


def _answered(
    given: dict[str, Any], events: Sequence[tuple[str, dict[str, Any]]]
) -> tuple[str | None, int, str | None]:
    """The answer's text, how many tools it calls, and why it ended."""
    current = _list(given, "gen_ai.output.messages")
    choices = [body for name, body in events if name == CHOICE]
    if current:
        turn, reason = _turn(current[0], at(current[0], "parts")), text(current[0], "finish_reason")
    elif choices:
        message = parsed(first(at(choices[0], "message"), choices[0]))
        turn, reason = _turn(message, at(message, "content")), text(choices[0], "finish_reason")
    else:
        turns = _indexed(given, "gen_ai.completion.", "") or _indexed(
            given, "llm.output_messages.", "message."
        )
        turn, reason = (turns[0] if turns else {}), text(given, "gen_ai.completion.0.finish_reason")
    return text_of(at(turn, "content")), calls_in([turn]), reason


def _sent_back(turns: list[Json]) -> Iterator[str | None]:
    for turn in turns:
        if turn["role"] == "tool":
            yield turn["tool_call_id"]
        for call in [*items(turn, "tool_calls"), *items(turn, "content")]:
            if text(call, "type") in {None, "function", "tool_call", "tool_call_response"}:
                yield text(call, "id")
