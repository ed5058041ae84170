"""Spans and log events of OpenTelemetry as facts of exchanges, in all four generations of names.

Current `gen_ai.*` (messages in `gen_ai.input.messages`), v1.36 (`gen_ai.system`, one event a message),
OpenLLMetry (`gen_ai.prompt.N.content`, `traceloop.*`) and OpenInference (`llm.input_messages.N...`,
`openinference.span.kind`). Names: the semantic-conventions-genai repository, v1.36.0 of semantic-conventions,
opentelemetry-semantic-conventions-ai, and OpenInference's specification.
"""

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
    http_status,
    names_of,
    number,
    parsed,
    text,
)
from stillwatch.sources._reading.exchange import calls_in
from stillwatch.sources._reading.genai_turns import (
    CHOICE,
    MESSAGE_EVENTS,
    Event,
    answered,
    asked,
    listed,
    numbered,
    sent_back,
)
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
FAILED = 2  # status code ERROR of a span


class Moment(msgspec.Struct):
    """A span, or the log events of one span. `attributes` are the resource's and its own."""

    trace: str
    span: str
    begun: int  # nanoseconds
    ended: int | None
    attributes: dict[str, Any]
    events: list[Event] = []
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
    turns = asked(given, moment.events)
    response, calls, reason = answered(given, moment.events)
    system = text_of(listed(given, "gen_ai.system_instructions"))
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
        "reasoning_effort": _of(given, "gen_ai.request.reasoning.level", "gen_ai.request.reasoning_effort"),
        "response": response,
        "finish_reason": first(text(listed(given, "gen_ai.response.finish_reasons"), 0), reason),
        "replayed_ids": distinct(sent_back(turns)),
        "latency_ms": moment.milliseconds(),
        **_usage(given),
        **_network(given, moment.status),
    }


def _of(given: dict[str, Any], *names: str) -> str | None:
    """The text under the first of these names that has one."""
    for name in names:
        if name in given and (found := text(given, name)) is not None:
            return found
    return None


def _counted(given: dict[str, Any], *names: str) -> int | None:
    """The count under the first of these names that has one."""
    for name in names:
        if name in given and (found := count(given, name)) is not None:
            return found
    return None


def _usage(given: dict[str, Any]) -> Facts:
    return {
        "tokens_in": _counted(
            given, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"
        ),
        "tokens_out": _counted(
            given,
            "gen_ai.usage.output_tokens",
            "gen_ai.usage.completion_tokens",
            "llm.token_count.completion",
        ),
        "tokens_reasoning": _counted(
            given,
            "gen_ai.usage.reasoning.output_tokens",
            "gen_ai.usage.reasoning_tokens",
            "llm.usage.reasoning_tokens",
            "llm.token_count.completion_details.reasoning",
        ),
        "tokens_cached": _counted(
            given,
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "llm.token_count.prompt_details.cache_read",
        ),
    }


def _first_of(given: dict[str, Any], name: str) -> Json:
    """A header's value; the conventions make it a list."""
    value = at(given, name)
    return at(value, 0) if isinstance(value, list) else value


def _network(given: dict[str, Any], status: int) -> Facts:
    error = _of(given, "error.type")
    return {
        "http_status": first(
            http_status(given, "http.response.status_code"),
            http_status(given, "http.status_code"),
            http_status(given, "error.type"),
        ),
        "error_type": error or ("error" if status == FAILED else None),
        "client_ip": _of(given, "client.address", "http.client_ip"),
        "user_agent": _of(given, "user_agent.original", "http.user_agent"),
        "ja4": text(_first_of(given, "http.request.header.x-ja4")),
        "accept_language": text(_first_of(given, "http.request.header.accept-language")),
    }


def _tools(given: dict[str, Any]) -> list[str] | None:
    functions = [{"name": text(each, "name")} for each in numbered(given, "llm.request.functions.")]
    schemas = [parsed(at(each, "tool.json_schema")) for each in numbered(given, "llm.tools.")]
    return names_of([*listed(given, "gen_ai.tool.definitions"), *functions, *schemas])
