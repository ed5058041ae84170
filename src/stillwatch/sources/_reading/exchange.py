"""A request and its answer, whichever of the three wire formats they are in, as facts of an exchange."""

from types import ModuleType

from stillwatch.sources._reading import chat, gemini, messages, responses
from stillwatch.sources._reading.dig import Facts, Json, at, items, merged, parsed, text
from stillwatch.sources._reading.turns import CALL_PARTS, kind_of

ANTHROPIC_ONLY = frozenset({"system", "stop_sequences", "thinking", "anthropic_version"})


def format_of(request: Json, answer: Json) -> ModuleType | None:
    """The module that reads a pair: `chat`, `responses` or `messages`; None for none of them."""
    if text(answer, "object") == "response" or at(request, "input") is not None:
        return responses
    if text(answer, "type") == "message" or text(request, "anthropic_version"):
        return messages
    if isinstance(answer, dict) and (
        "choices" in answer or str(text(answer, "object")).endswith("completion")
    ):
        return chat
    if items(request, "messages"):
        return messages if isinstance(request, dict) and ANTHROPIC_ONLY & set(request) else chat
    return chat if at(request, "prompt") is not None else None


def pair_facts(wire: ModuleType, request: Json, answer: Json) -> Facts:
    """Facts of a whole exchange in one wire format."""
    return exchange_facts(wire, request, wire, answer)


def exchange_facts(asked: ModuleType, request: Json, said: ModuleType, answer: Json) -> Facts:
    """Facts of an exchange whose request and answer were logged in formats of their own.

    Calls of tools are counted in the turns sent and in the answer, and not at all where neither is there.
    """
    facts: Facts = asked.request_facts(request)
    reply: Facts = said.answer_facts(answer)
    answered, turns = reply.pop("answered_calls"), facts["messages"]
    if answered is not None or turns is not None:
        facts["n_tool_calls"] = (answered or 0) + calls_in(turns or [])
    return merged(facts, reply)


def calls_in(turns: list[Json]) -> int:
    """Calls of tools among the turns of a request."""
    return sum(
        len(items(turn, "tool_calls")) + sum(kind_of(part) in CALL_PARTS for part in items(turn, "content"))
        for turn in turns
    )


def whole(body: Json) -> Json:
    """An answer body; a stream of events, as a list or as server-sent text, becomes what it said."""
    body = parsed(body)
    if isinstance(body, str) and "data:" in body:
        lines = (line[5:].strip() for line in body.splitlines() if line.startswith("data:"))
        body = [parsed(line) for line in lines if line.startswith("{")]
    if not isinstance(body, list):
        return body
    events = [event for event in body if isinstance(event, dict)]
    if any("choices" in event for event in events):
        return chat.folded(events)
    if any("candidates" in event or "usageMetadata" in event for event in events):
        return gemini.folded(events)
    if any((text(event, "type") or "").startswith("response.") for event in events):
        return responses.folded(events)
    return messages.folded(events) if events else None
