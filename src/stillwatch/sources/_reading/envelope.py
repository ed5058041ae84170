"""What stands around a request and its answer in a provider's own log: who, when, from where."""

from collections.abc import Iterator

from stillwatch.sources._reading.dig import (
    Facts,
    Json,
    at,
    first,
    http_status,
    merged,
    moment,
    number,
    parsed,
    text,
)
from stillwatch.sources._reading.exchange import format_of, pair_facts, whole
from stillwatch.sources._reading.looks import keys

REQUESTS = ("request", "request_body", "req")
ANSWERS = ("response", "response_body", "resp")
OTHER_NAMES = {
    "exchange_id": ("request_id", "call_id", "id", "custom_id"),
    "account_id": ("account", "organization_id", "organization", "workspace_id", "tenant_id"),
    "org_id": ("organization_id", "organization"),
    "api_key_id": ("api_key_hash", "key_id"),
    "client_ip": ("ip", "remote_addr", "client_address"),
    "http_status": ("status_code", "status"),
    "latency_ms": ("duration_ms",),
}
STATED = ("exchange_id", "account_id", "org_id", "api_key_id", "end_user_id", "session_id", "conversation_id")
STATED_TOO = ("pathway", "client_ip", "asn", "country", "user_agent", "ja4", "accept_language")
TIMES = ("ts", "timestamp", "created_at", "started_at", "start_time", "time")


def has_pairs(head: bytes) -> bool:
    """Whether the records of a file carry a request and its answer."""
    names = keys(head)
    return bool(names & set(REQUESTS) and names & set(ANSWERS))


def pair(document: Json) -> Iterator[Facts]:
    """The one exchange of a logged pair."""
    request = _body(first(*(parsed(at(document, name)) for name in REQUESTS)))
    reply = first(*(parsed(at(document, name)) for name in ANSWERS))
    answer = whole(_body(reply))
    wire = format_of(request, answer)
    body = pair_facts(wire, request, answer) if wire is not None else {}
    when = [moment(at(document, name)) for name in TIMES]
    inside: Facts = {
        "exchange_id": first(text(answer, "id"), text(reply, "request_id")),
        "ts": first(moment(at(answer, "created")), moment(at(answer, "created_at"))),
        "http_status": first(http_status(reply, "status_code"), http_status(reply, "status")),
    }
    yield merged({"ts": first(*when)}, around(document), body, inside)


def around(document: Json) -> Facts:
    """Facts that stand beside the bodies, under the contract's names or usual others."""
    facts: Facts = {
        name: first(*(text(document, other) for other in (name, *OTHER_NAMES.get(name, ()))))
        for name in (*STATED, *STATED_TOO)
    }
    facts["http_status"] = first(
        *(http_status(document, other) for other in ("http_status", *OTHER_NAMES["http_status"]))
    )
    facts["latency_ms"] = first(
        *(number(document, other) for other in ("latency_ms", *OTHER_NAMES["latency_ms"]))
    )
    return facts


def _body(message: Json) -> Json:
    """The body of a message that was logged with its status and headers around it, or the message."""
    inner = at(message, "body")
    return message if inner is None else parsed(inner)
