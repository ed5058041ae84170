"""OTLP documents, traces and logs, as the exchanges they tell of."""

from collections.abc import Iterator
from typing import Any

from stillwatch.sources._reading.dig import Facts, Json, at, count, items, text
from stillwatch.sources._reading.genai import Moment, facts_of, is_inference


def read(document: Json) -> Iterator[Facts]:
    """The exchanges of a document, one for each inference span, or each span that log events speak of."""
    for resource in items(document, "resourceSpans"):
        shared = _attributes(at(resource, "resource", "attributes"))
        for scope in items(resource, "scopeSpans"):
            moments = (_span(span, shared) for span in items(scope, "spans"))
            yield from (facts_of(moment) for moment in moments if is_inference(moment))
    told: dict[tuple[str, str], Moment] = {}
    for resource in items(document, "resourceLogs"):
        shared = _attributes(at(resource, "resource", "attributes"))
        for scope in items(resource, "scopeLogs"):
            for record in items(scope, "logRecords"):
                _tell(record, shared, told)
    yield from (facts_of(moment) for moment in told.values() if is_inference(moment))


def _span(span: Json, shared: dict[str, Any]) -> Moment:
    events = [
        (text(event, "name") or "", _attributes(at(event, "attributes"))) for event in items(span, "events")
    ]
    return Moment(
        trace=text(span, "traceId") or "",
        span=text(span, "spanId") or "",
        begun=count(span, "startTimeUnixNano") or 0,
        ended=count(span, "endTimeUnixNano"),
        attributes=shared | _attributes(at(span, "attributes")),
        events=events,
        status=count(span, "status", "code") or 0,
    )


def _tell(record: Json, shared: dict[str, Any], told: dict[tuple[str, str], Moment]) -> None:
    """Add one log event to what is known of its span."""
    own = _attributes(at(record, "attributes"))
    body = _value(at(record, "body"))
    name = text(record, "eventName") or text(own, "event.name") or ""
    trace, span = text(record, "traceId") or "", text(record, "spanId") or ""
    begun = count(record, "timeUnixNano") or count(record, "observedTimeUnixNano") or 0
    moment = told.setdefault((trace, span or str(len(told))), Moment(trace, span, begun, None, {}))
    moment.begun = min(moment.begun, begun)
    moment.attributes |= shared | own
    moment.events.append((name, body if isinstance(body, dict) else own))


def _attributes(listed: Json) -> dict[str, Any]:
    return {
        key: _value(at(each, "value"))
        for each in (listed if isinstance(listed, list) else [])
        if (key := text(each, "key")) is not None
    }


def _value(given: Json) -> Json:
    """An OTLP value as the JSON it stands for; 64-bit integers are written as text there."""
    if not isinstance(given, dict):
        return None
    if "arrayValue" in given:
        return [_value(each) for each in items(given, "arrayValue", "values")]
    if "kvlistValue" in given:
        return _attributes(at(given, "kvlistValue", "values"))
    if "intValue" in given:
        return count(given, "intValue")
    return next((given[kind] for kind in ("stringValue", "boolValue", "doubleValue") if kind in given), None)
