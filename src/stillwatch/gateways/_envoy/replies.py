"""What is said back to Envoy."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from stillwatch.gateways._envoy.messages import (
    NONE,
    OVERWRITE,
    SEND,
    SKIP,
    ProcessingResponse,
)
from stillwatch.responses import Refusal

Reply = Any  # a ProcessingResponse


def go_on(part: str) -> Reply:
    """The part of the call that Envoy named goes on as it is."""
    reply = ProcessingResponse()
    getattr(reply, part).SetInParent()
    return reply


def unseen() -> Reply:
    """Envoy asks nothing more about this call."""
    reply = go_on("request_headers")
    reply.mode_override.request_header_mode = SKIP
    reply.mode_override.response_header_mode = SKIP
    return reply


def headers_changed(part: str, changed: Mapping[str, str], removed: Iterable[str]) -> Reply:
    """As `go_on`, with other headers."""
    reply = go_on(part)
    change(reply, part, changed, removed)
    return reply


def change(reply: Reply, part: str, changed: Mapping[str, str], removed: Iterable[str]) -> None:
    mutation = getattr(reply, part).response.header_mutation
    _set(mutation, changed)
    mutation.remove_headers.extend(removed)


def replace_body(reply: Reply, part: str, body: bytes) -> None:
    mutation = getattr(reply, part).response.body_mutation
    if body:
        mutation.body = body
    else:
        mutation.clear_body = True


def ask_for_answer(reply: Reply, mode: int) -> None:
    """Ask for the body of an answer, in some mode."""
    override = reply.mode_override
    override.request_header_mode = SEND
    override.response_header_mode = SEND
    override.request_body_mode = NONE
    override.response_body_mode = mode


def refused(refusal: Refusal, body: bytes) -> Reply:
    """Envoy answers by itself."""
    reply = ProcessingResponse()
    immediate = reply.immediate_response
    immediate.status.code = refusal.status
    immediate.body = body
    immediate.details = "stillwatch"
    _set(immediate.headers, refusal.headers)
    return reply


def wait(seconds: float) -> Reply:
    """Ask Envoy for time, up to its `max_message_timeout`."""
    reply = ProcessingResponse()
    reply.override_message_timeout.seconds = math.ceil(seconds)
    return reply


def _set(mutation: Any, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        option = mutation.set_headers.add(append_action=OVERWRITE)
        option.header.key = name
        option.header.raw_value = value.encode("latin-1", "replace")
