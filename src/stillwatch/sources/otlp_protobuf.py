"""OpenTelemetry traces and logs in OTLP/protobuf, with the attributes of generative-AI calls.

Reads files of one export request or `TracesData`/`LogsData`, and what the Collector's file exporter writes with
`format: proto` (each message after its length in four bytes). A line number in a rejection is the number of
the message. What is read, and what cannot be seen, is the same as in OTLP/JSON.

Needs the extra `stillwatch[otlp]`; without it every such file is one rejection that says so.
"""

import base64
import struct
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from stillwatch.records import Rejection
from stillwatch.sources._reading.dig import Json
from stillwatch.sources._reading.interface import Block, Decoded
from stillwatch.sources._reading.json_log import Gathered
from stillwatch.sources._reading.otlp import read
from stillwatch.sources._reading.unpack import pieces

EXAMPLE = base64.b64decode(
    "CoQDChYKFAoJdGVuYW50LmlkEgcKBWFjYy1hEukCEuYCChBbjv/3mAOBA9JptjOBP8YMEgju4Zt+w8GxdCoEY2hhdDkAAEOC"
    "VfeYGEEAL6vbVfeYGEogChdvcGVuaW5mZXJlbmNlLnNwYW4ua2luZBIFCgNMTE1KGwoObGxtLm1vZGVsX25hbWUSCQoHbGFy"
    "Z2UtMUoTCgpzZXNzaW9uLmlkEgUKA3MtMUocChZsbG0udG9rZW5fY291bnQucHJvbXB0EgIYDEorCiFsbG0uaW5wdXRfbWVz"
    "c2FnZXMuMC5tZXNzYWdlLnJvbGUSBgoEdXNlckosCiRsbG0uaW5wdXRfbWVzc2FnZXMuMC5tZXNzYWdlLmNvbnRlbnQSBAoC"
    "SGlKMQoibGxtLm91dHB1dF9tZXNzYWdlcy4wLm1lc3NhZ2Uucm9sZRILCglhc3Npc3RhbnRKMAolbGxtLm91dHB1dF9tZXNz"
    "YWdlcy4wLm1lc3NhZ2UuY29udGVudBIHCgVIZWxsbw=="
)  # one span with OpenInference's names
MISSING = "needs the package opentelemetry-proto: pip install 'stillwatch[otlp]'"
FIRST_FIELD = 0x0A  # the key byte of field 1 with a length, which begins every message read here
MARKS = (b"gen_ai.", b"llm.", b"traceloop.", b"openinference.")
BLOCK = 4 << 20  # bytes of messages that are handed to a worker together


@cache
def _messages() -> tuple[Any, Any, type[Exception]] | None:
    """The generated classes for traces and logs, and the error of damaged bytes."""
    try:
        damaged = import_module("google.protobuf.message").DecodeError
        logs = import_module("opentelemetry.proto.logs.v1.logs_pb2").LogsData
        traces = import_module("opentelemetry.proto.trace.v1.trace_pb2").TracesData
    except ImportError:
        return None
    return traces, logs, damaged


class OtlpProtobuf:
    """Reads OTLP in its binary form."""

    name = "otlp_protobuf"
    example = EXAMPLE

    def matches(self, name: str, head: bytes) -> float:  # noqa: ARG002 - content decides
        """Sure of a message of field 1, framed or bare, that speaks of generative AI."""
        if head.lstrip()[:1] in {b"{", b"["} or len(head) < 6:
            return 0.0
        begins = head[0] == FIRST_FIELD or head[4] == FIRST_FIELD
        return 0.7 if begins and any(mark in head for mark in MARKS) else 0.0

    def line_kind(self, name: str, head: bytes) -> None:
        """Read whole: it has no lines."""

    def blocks(self, path: Path) -> Iterator[Block | Rejection]:
        file = str(path)
        if _messages() is None:
            yield Rejection(file, None, MISSING)
            return
        try:
            gathered = list(pieces(path))
        except OSError as error:
            yield Rejection(file, None, f"cannot be read: {error}")
            return
        data = b"".join(piece for piece in gathered if isinstance(piece, bytes))
        if data[:1] == bytes([FIRST_FIELD]):
            data = struct.pack(">I", len(data)) + data
        yield from _cut(self.name, file, data)
        yield from (
            Rejection(file, None, f"cannot be read on: {why}") for why in gathered if isinstance(why, str)
        )

    def decode(self, block: Block) -> Decoded:
        gathered = Gathered(block.file)
        assert block.data is not None
        for number, message in enumerate(_frames(block.data), block.first_line):
            document = _document(message)
            if document is None:
                gathered.reject(number, "not an OTLP message")
            else:
                gathered.add(number, read(document))
        return gathered.decoded()


def _frames(data: bytes) -> Iterator[bytes]:
    place = 0
    while place + 4 <= len(data):
        (size,) = struct.unpack_from(">I", data, place)
        yield data[place + 4 : place + 4 + size]
        place += 4 + size


def _cut(source: str, file: str, data: bytes) -> Iterator[Block | Rejection]:
    """Blocks of whole messages; the last one may have been cut short."""
    begin = place = 0
    first = number = 1
    while place < len(data):
        size = struct.unpack_from(">I", data, place)[0] if place + 4 <= len(data) else len(data)
        if place + 4 + size > len(data):
            break
        place, number = place + 4 + size, number + 1
        if place - begin >= BLOCK:
            yield Block(source, "exchanges", file, first, data[begin:place])
            begin, first = place, number
    if place > begin:
        yield Block(source, "exchanges", file, first, data[begin:place])
    if place < len(data):
        yield Rejection(file, number, "the message is cut short")


def _document(message: bytes) -> Json:
    """A message in the shape of OTLP/JSON; None where it is none."""
    classes = _messages()
    assert classes is not None  # blocks of this format are cut only where the package is there
    traces, logs, damaged = classes
    try:
        spans = [_resource_spans(resource) for resource in traces.FromString(message).resource_spans]
    except damaged:
        spans = []
    # Both kinds use field 1 alone, so that log events may pass for spans; but those have no trace id then.
    if any(span["traceId"] for resource in spans for span in resource["scopeSpans"][0]["spans"]):
        return {"resourceSpans": spans}
    try:
        return {
            "resourceLogs": [_resource_logs(resource) for resource in logs.FromString(message).resource_logs]
        }
    except damaged:
        return {"resourceSpans": spans} if spans else None


def _resource_spans(resource: Any) -> Json:
    spans = [_span(span) for scope in resource.scope_spans for span in scope.spans]
    return {
        "resource": {"attributes": _pairs(resource.resource.attributes)},
        "scopeSpans": [{"spans": spans}],
    }


def _span(span: Any) -> Json:
    return {
        "traceId": span.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "startTimeUnixNano": span.start_time_unix_nano,
        "endTimeUnixNano": span.end_time_unix_nano or None,
        "attributes": _pairs(span.attributes),
        "events": [{"name": event.name, "attributes": _pairs(event.attributes)} for event in span.events],
        "status": {"code": span.status.code},
    }


def _resource_logs(resource: Any) -> Json:
    records = [_record(record) for scope in resource.scope_logs for record in scope.log_records]
    return {
        "resource": {"attributes": _pairs(resource.resource.attributes)},
        "scopeLogs": [{"logRecords": records}],
    }


def _record(record: Any) -> Json:
    return {
        "traceId": record.trace_id.hex(),
        "spanId": record.span_id.hex(),
        "timeUnixNano": record.time_unix_nano,
        "observedTimeUnixNano": record.observed_time_unix_nano,
        "eventName": record.event_name,
        "attributes": _pairs(record.attributes),
        "body": _value(record.body),
    }


def _pairs(attributes: Any) -> list[Json]:
    return [{"key": pair.key, "value": _value(pair.value)} for pair in attributes]


def _value(value: Any) -> Json:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return {"arrayValue": {"values": [_value(each) for each in value.array_value.values]}}
    if kind == "kvlist_value":
        return {"kvlistValue": {"values": _pairs(value.kvlist_value.values)}}
    names = {"string_value": "stringValue", "bool_value": "boolValue", "int_value": "intValue"}
    if kind in names:
        return {names[kind]: getattr(value, kind)}
    return {"doubleValue": value.double_value} if kind == "double_value" else None


SOURCE = OtlpProtobuf()
