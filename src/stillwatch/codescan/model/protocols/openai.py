"""OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat), which most servers of models speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan.model.protocols import Heard, Turn, Unusable, beneath

if TYPE_CHECKING:
    from stillwatch.codescan.model.protocols import Question

CUT, REFUSED = "length", "content_filter"
OTHER_LIMIT = b"max_completion_tokens"
"""What an error names where a model takes no `max_tokens`."""


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of a request; which of the limits a model takes depends on its age."""

    model: str
    messages: list[Turn]
    max_tokens: int | None = None
    max_completion_tokens: int | None = None


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    total_tokens: int = 0


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    usage: _Usage | None = None


def path(base: str) -> str:
    return beneath(base, "/chat/completions")


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def body(model: str, question: Question, limit: int) -> Asked:
    return Asked(model, [Turn("system", question.rules), Turn("user", question.task)], max_tokens=limit)


def otherwise(sent: Asked, error: bytes) -> Asked | None:
    """The same question as other models of this protocol want it, where the error says so."""
    if sent.max_tokens is None or OTHER_LIMIT not in error:
        return None
    return msgspec.structs.replace(sent, max_tokens=None, max_completion_tokens=sent.max_tokens)


def heard(data: bytes) -> Heard:
    try:
        completion = msgspec.json.decode(data, type=_Completion)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unusable("the answer is not of the protocol") from None
    if not completion.choices:
        raise Unusable("the answer is empty")
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == REFUSED:
        raise Unusable("the model refused")
    if choice.finish_reason == CUT:
        raise Unusable("the answer was cut short")
    tokens = 0 if completion.usage is None else completion.usage.total_tokens
    return Heard(choice.message.content or "", max(0, tokens))
