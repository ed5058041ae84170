"""Rows between a log's text and Arrow: the contract's records, as lenient as the contract is.

Derived from the classes in `records`: a time may be text or an integer, a number may be written 12.0, the
number of a network may be written AS123, a turn's content may be text, a list of parts or null.
"""

from typing import Annotated, Any

import msgspec

from stillwatch.records import Account, Event, Exchange, Micros, Turn


class WireTurn(msgspec.Struct):
    """One turn as sent: content parts and tool calls in whatever shape the client's API has."""

    role: Annotated[str, msgspec.Meta(min_length=1)]
    content: str | list[Any] | None
    tool_calls: Any = None


Row = Any  # one of the structs below; they are made from the record classes, which mypy cannot follow

_LENIENT_TYPES: dict[object, object] = {
    Micros: int | float | str,
    Micros | None: int | float | str | None,
    int | None: int | float | None,
    list[Turn] | None: list[WireTurn] | None,
}
_LENIENT_FIELDS: dict[str, object] = {
    "asn": int | float | str | None,
    "signup_asn": int | float | str | None,
    "logprobs": bool | int | float | None,
    "reasoning_effort": str | int | float | None,
}


def _row_class(record: type[msgspec.Struct]) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for field in msgspec.structs.fields(record):
        lenient = _LENIENT_FIELDS.get(field.name, _LENIENT_TYPES.get(field.type, field.type))
        fields.append((field.name, lenient) if field.required else (field.name, lenient, field.default))
    return msgspec.defstruct(f"{record.__name__}Row", fields, gc=False)  # no cycles in what JSON holds


ROWS: dict[str, type[msgspec.Struct]] = {
    "exchanges": _row_class(Exchange),
    "accounts": _row_class(Account),
    "events": _row_class(Event),
}
