"""OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat), which most servers of models speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from stillwatch.codescan.model.protocols import Heard, Unusable, beneath

if TYPE_CHECKING:
    from stillwatch.codescan.model.protocols import Question

CUT, REFUSED = "length", "content_filter"
OTHER_LIMIT = b"max_completion_tokens"
"""What an error names where a model takes no `max_tokens`."""


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


def body(model: str, question: Question, limit: int) -> dict[str, Any]:
    messages = [{"role": "system", "content": question.rules}, {"role": "user", "content": question.task}]
    return {"model": model, "messages": messages, "max_tokens": limit}


def otherwise(sent: dict[str, Any], error: bytes) -> dict[str, Any] | None:
    """The same question as other models of this protocol want it, where the error says so."""
    if "max_tokens" not in sent or OTHER_LIMIT not in error:
        return None
    rest = {name: value for name, value in sent.items() if name != "max_tokens"}
    return {**rest, "max_completion_tokens": sent["max_tokens"]}


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
