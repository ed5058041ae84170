"""Where ids stand in answers of each wire format, and the opaque parts of reasoning.

Every function returns a new document that shares what is equal, or the same one where nothing is there to replace.
"""

from collections.abc import Callable
from typing import Protocol

from stillwatch.gateways._wire.body import Json

ITEMS = {"message": "msg_", "reasoning": "rs_", "function_call": "fc_"}  # items of OpenAI Responses


class Swap(Protocol):
    """What takes the place of what the serving side wrote."""

    def id(self, prefix: str, text: str) -> str: ...

    def opaque(self, text: str) -> str:
        """For a part of reasoning that only goes to and fro."""


def chat(document: Json, swap: Swap) -> Json:
    """An answer or a chunk of OpenAI Chat."""
    out = _id(document, "id", "chatcmpl-", swap)
    return _list(out, "choices", lambda choice: _parts(choice, swap))


def completions(document: Json, swap: Swap) -> Json:
    """An answer or a chunk of OpenAI Completions."""
    return _id(document, "id", "cmpl-", swap)


def messages(document: Json, swap: Swap) -> Json:
    """An answer or an event of Anthropic Messages. Ids of the provider's own tools stay."""
    if not isinstance(document, dict):
        return document
    if document.get("type") == "message":
        out = _id(document, "id", "msg_", swap)
        return _list(out, "content", lambda block: _block(block, swap))
    out = _inside(document, "message", lambda whole: messages(whole, swap))
    return _inside(out, "content_block", lambda block: _block(block, swap))


def responses(document: Json, swap: Swap) -> Json:
    """An answer or an event of OpenAI Responses. Items of the provider's own tools stay."""
    if not isinstance(document, dict):
        return document
    if document.get("object") == "response":
        out = _id(document, "id", "resp_", swap)
        out = _id(out, "previous_response_id", "resp_", swap)
        return _list(out, "output", lambda item: _item(item, swap))
    out = _inside(document, "response", lambda whole: responses(whole, swap))
    out = _inside(out, "item", lambda item: _item(item, swap))
    prefix = _prefix_of_event(document)
    return out if prefix is None else _id(out, "item_id", prefix, swap)


def _parts(choice: Json, swap: Swap) -> Json:
    for part in ("message", "delta"):
        choice = _inside(
            choice, part, lambda said: _list(said, "tool_calls", lambda call: _id(call, "id", "call_", swap))
        )
    return choice


def _block(block: Json, swap: Swap) -> Json:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind == "tool_use":
        return _id(block, "id", "toolu_", swap)
    if kind == "thinking":
        return _opaque(block, "signature", swap)
    return _opaque(block, "data", swap) if kind == "redacted_thinking" else block


def _item(item: Json, swap: Swap) -> Json:
    kind = item.get("type") if isinstance(item, dict) else None
    out = _id(item, "id", ITEMS[kind], swap) if kind in ITEMS else item
    if kind in {"function_call", "custom_tool_call"}:
        out = _id(out, "call_id", "call_", swap)
    return _opaque(out, "encrypted_content", swap) if kind == "reasoning" else out


def _prefix_of_event(event: Json) -> str | None:
    """Of the item that an event of OpenAI Responses tells about."""
    kind = str(event.get("type", ""))
    if kind.startswith("response.function_call_arguments"):
        return "fc_"
    if kind.startswith("response.reasoning"):
        return "rs_"
    told = kind.startswith(("response.output_text", "response.content_part", "response.refusal"))
    return "msg_" if told else None


def opened(route: str, body: Json, original: Callable[[str], str], opaque: Callable[[str], str]) -> Json:
    """A request in which what we put into answers is what the serving side wrote. May raise what `opaque` raises."""
    if route == "messages":
        return _list(
            body, "messages", lambda turn: _list(turn, "content", lambda part: _opened(part, opaque))
        )
    if route != "responses":
        return body
    out = _text(body, "previous_response_id", original)
    return _list(out, "input", lambda item: _sent_back(item, original, opaque))


def _opened(part: Json, opaque: Callable[[str], str]) -> Json:
    return _text(_text(part, "signature", opaque), "data", opaque) if isinstance(part, dict) else part


def _sent_back(item: Json, original: Callable[[str], str], opaque: Callable[[str], str]) -> Json:
    out = _text(_text(item, "id", original), "call_id", original)
    return _text(out, "encrypted_content", opaque)


def _id(document: Json, name: str, prefix: str, swap: Swap) -> Json:
    return _text(document, name, lambda text: swap.id(prefix, text))


def _opaque(document: Json, name: str, swap: Swap) -> Json:
    return _text(document, name, swap.opaque)


def _text(document: Json, name: str, edit: Callable[[str], str]) -> Json:
    value = document.get(name) if isinstance(document, dict) else None
    if not isinstance(value, str) or not value:
        return document
    new = edit(value)
    return document if new is value else {**document, name: new}


def _inside(document: Json, name: str, edit: Callable[[Json], Json]) -> Json:
    value = document.get(name) if isinstance(document, dict) else None
    if not isinstance(value, dict):
        return document
    new = edit(value)
    return document if new is value else {**document, name: new}


def _list(document: Json, name: str, edit: Callable[[Json], Json]) -> Json:
    values = document.get(name) if isinstance(document, dict) else None
    if not isinstance(values, list):
        return document
    new = [edit(value) for value in values]
    same = all(one is other for one, other in zip(new, values, strict=True))
    return document if same else {**document, name: new}
