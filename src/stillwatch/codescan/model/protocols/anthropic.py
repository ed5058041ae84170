"""Anthropic's messages (https://docs.anthropic.com/en/api/messages)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan.model.protocols import Heard, Turn, Unusable, beneath

if TYPE_CHECKING:
    from stillwatch.codescan.model.protocols import Question

VERSION = "2023-06-01"


class Asked(msgspec.Struct, frozen=True):
    """The body of a request."""

    model: str
    max_tokens: int
    system: str
    messages: list[Turn]


class _Block(msgspec.Struct):
    type: str
    text: str = ""


class _Usage(msgspec.Struct):
    input_tokens: int = 0
    output_tokens: int = 0


class _Message(msgspec.Struct):
    content: list[_Block]
    stop_reason: str | None = None
    usage: _Usage | None = None


def path(base: str) -> str:
    return beneath(base if base.endswith("/v1") or not base else f"{base}/v1", "/messages")


def headers(key: str) -> dict[str, str]:
    return {"anthropic-version": VERSION, **({"x-api-key": key} if key else {})}


def body(model: str, question: Question, limit: int) -> Asked:
    return Asked(model, limit, question.rules, [Turn("user", question.task)])


def otherwise(_sent: Asked, _error: bytes) -> None:
    """There is one form."""


def heard(data: bytes) -> Heard:
    try:
        message = msgspec.json.decode(data, type=_Message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unusable("the answer is not of the protocol") from None
    if message.stop_reason == "refusal":
        raise Unusable("the model refused")
    if message.stop_reason == "max_tokens":
        raise Unusable("the answer was cut short")
    usage = message.usage or _Usage()
    text = "".join(block.text for block in message.content if block.type == "text")
    return Heard(text, max(0, usage.input_tokens) + max(0, usage.output_tokens))
