"""The exchange that a finished call was: what a gateway hands on about it, as a record of the contract."""

from collections.abc import Mapping
from typing import Any

import msgspec

from stillwatch.gateways._wire.body import Json, decoded
from stillwatch.gateways.caller import Caller
from stillwatch.records import Exchange, Micros, Route
from stillwatch.sources import body_facts, whole

TEXTS = ("system", "prompt", "response")
FIELDS = frozenset(
    msgspec.structs.fields(Exchange)[place].name for place in range(len(Exchange.__struct_fields__))
)


class Finished(msgspec.Struct, kw_only=True):
    """A call that is over, and all that its record is made from."""

    exchange_id: str
    ts: Micros
    caller: Caller
    route: Route
    asked: Mapping[str, Any]  # what the request showed
    status: int | None
    latency_ms: float
    error_type: str | None = None
    answer: Json = (
        None  # a body or a stream as bytes, a decoded body, or the list of a stream's decoded events
    )
    streamed: bool = False

    @property
    def size(self) -> int:
        """Bytes it holds on to, about."""
        text = sum(len(self.asked.get(name) or "") for name in TEXTS)
        return 1_000 + text + (len(self.answer) if isinstance(self.answer, bytes) else 0)


def record(call: Finished, *, keep_text: bool) -> dict[str, Any]:
    """The exchange, with the fields that are known."""
    said = body_facts(call.route, {}, _answer(call))
    about = msgspec.structs.asdict(call.caller)
    stated = {
        "exchange_id": call.exchange_id,
        "ts": call.ts,
        "http_status": call.status,
        "latency_ms": round(call.latency_ms, 3),
        "error_type": call.error_type,
        "n_tool_calls": _sum(call.asked.get("n_tool_calls"), said.get("n_tool_calls")),
    }
    if call.streamed:
        stated["stream"] = True
    facts: dict[str, Any] = {}
    for some in (stated, about, call.asked, said):
        for name, value in some.items():
            if value is not None and name in FIELDS and (keep_text or name not in TEXTS):
                facts.setdefault(name, value)
    return facts


def _answer(call: Finished) -> Json:
    if isinstance(call.answer, list):
        return whole(call.answer)
    if not isinstance(call.answer, bytes):
        return call.answer
    if call.streamed:
        return whole(call.answer.decode("utf-8", "replace"))
    document = decoded(call.answer)
    return whole(document) if isinstance(document, list) else document  # Gemini's stream without events


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
