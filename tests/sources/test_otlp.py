import json
import struct
from datetime import UTC, datetime

import pytest

from stillwatch.records import Rejection
from stillwatch.sources import Block, catalogue, decode, otlp_protobuf, split

SPAN = {
    "traceId": "5b",
    "spanId": "ee",
    "startTimeUnixNano": "1772438400000000123",
    "endTimeUnixNano": "1772438401500000123",
}
WHO = {"tenant.id": "acc-a"}


def value(given):
    if isinstance(given, bool):
        return {"boolValue": given}
    if isinstance(given, int):
        return {"intValue": str(given)}
    if isinstance(given, float):
        return {"doubleValue": given}
    if isinstance(given, list):
        return {"arrayValue": {"values": [value(each) for each in given]}}
    if isinstance(given, dict):
        return {"kvlistValue": {"values": pairs(given)}}
    return {"stringValue": given}


def pairs(given):
    return [{"key": key, "value": value(each)} for key, each in given.items()]


def spans(*attributes, events=()):
    listed = [
        SPAN | {"spanId": f"e{n}", "attributes": pairs(some), "events": list(events)}
        for n, some in enumerate(attributes)
    ]
    return {"resourceSpans": [{"resource": {"attributes": pairs(WHO)}, "scopeSpans": [{"spans": listed}]}]}


CURRENT = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "large-1",
    "gen_ai.request.temperature": 0.7,
    "gen_ai.request.choice.count": 4,
    "gen_ai.conversation.id": "conv-1",
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.reasoning.output_tokens": 3,
    "gen_ai.response.finish_reasons": ["tool_call"],
    "gen_ai.system_instructions": [{"type": "text", "content": "Be brief."}],
    "gen_ai.input.messages": json.dumps(
        [
            {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
            {"role": "assistant", "parts": [{"type": "tool_call", "id": "call_1", "name": "w"}]},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_1", "response": "rain"}]},
        ]
    ),
    "gen_ai.output.messages": [
        {"role": "assistant", "parts": [{"type": "text", "content": "Rain."}], "finish_reason": "stop"}
    ],
    "gen_ai.tool.definitions": [{"type": "function", "name": "w"}],
    "client.address": "192.0.2.10",
}


def test_current_names(rows):
    (row,) = rows("otlp_json", spans(CURRENT))
    assert row["ts"] == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert (row["account_id"], row["conversation_id"], row["latency_ms"]) == ("acc-a", "conv-1", 1500.0)
    assert (row["system"], row["prompt"], row["response"]) == ("Be brief.", "Weather?", "Rain.")
    assert (row["n_turns"], row["n_tool_calls"], row["n_tool_results"]) == (3, 1, 1)
    assert (row["tools"], row["replayed_ids"], row["finish_reason"]) == (["w"], ["call_1"], "tool_call")
    assert (row["temperature"], row["n_choices"], row["tokens_reasoning"], row["client_ip"]) == (
        0.7,
        4,
        3,
        "192.0.2.10",
    )


def test_names_of_v1_36_with_one_log_event_a_message(rows):
    def event(name, body, at):
        return {
            "traceId": "5b",
            "spanId": "ee",
            "timeUnixNano": str(1772438400000000000 + at),
            "eventName": name,
            "attributes": pairs({"gen_ai.system": "openai"}),
            "body": value(body),
        }

    records = [
        event("gen_ai.system.message", {"content": "Be brief."}, 1),
        event("gen_ai.user.message", {"content": "Hi"}, 0),
        event("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": {"content": "Hello"}}, 9),
    ]
    (row,) = rows(
        "otlp_json",
        {"resourceLogs": [{"resource": {"attributes": pairs(WHO)}, "scopeLogs": [{"logRecords": records}]}]},
    )
    assert (row["system"], row["prompt"], row["response"], row["finish_reason"]) == (
        "Be brief.",
        "Hi",
        "Hello",
        "stop",
    )
    assert (row["exchange_id"], row["ts"]) == ("5b:ee", datetime(2026, 3, 2, 8, tzinfo=UTC))


def test_the_details_event_of_a_span(rows):
    details = {
        "name": "gen_ai.client.inference.operation.details",
        "attributes": pairs({"gen_ai.input.messages": CURRENT["gen_ai.input.messages"]}),
    }
    bare = {name: each for name, each in CURRENT.items() if "messages" not in name}
    (row,) = rows("otlp_json", spans(bare, events=[details]))
    assert row["prompt"] == "Weather?"


def test_names_of_openllmetry(rows):
    (row,) = rows(
        "otlp_json",
        spans(
            {
                "gen_ai.system": "OpenAI",
                "llm.request.type": "chat",
                "gen_ai.request.model": "large-1",
                "llm.is_streaming": True,
                "gen_ai.prompt.0.role": "system",
                "gen_ai.prompt.0.content": "Be brief.",
                "gen_ai.prompt.1.role": "user",
                "gen_ai.prompt.1.content": json.dumps(
                    [{"type": "text", "text": "Hi"}, {"type": "image_url"}]
                ),
                "gen_ai.prompt.2.role": "assistant",
                "gen_ai.prompt.2.tool_calls.0.id": "call_1",
                "gen_ai.completion.0.content": "Hello",
                "gen_ai.completion.0.finish_reason": "stop",
                "llm.request.functions.0.name": "search",
                "gen_ai.usage.prompt_tokens": 5,
                "traceloop.association.properties.session_id": "s-1",
            }
        ),
    )
    assert (row["system"], row["prompt"], row["response"], row["n_images"]) == ("Be brief.", "Hi", "Hello", 1)
    assert (row["tools"], row["tokens_in"], row["stream"], row["session_id"]) == (["search"], 5, True, "s-1")
    assert (row["n_tool_calls"], row["replayed_ids"], row["finish_reason"]) == (1, ["call_1"], "stop")


def test_names_of_openinference(rows):
    (row,) = rows(
        "otlp_json",
        spans(
            {
                "openinference.span.kind": "LLM",
                "llm.model_name": "large-1",
                "llm.invocation_parameters": '{"temperature": 0.1, "max_tokens": 9}',
                "llm.input_messages.0.message.role": "user",
                "llm.input_messages.0.message.contents.0.message_content.type": "text",
                "llm.input_messages.0.message.contents.0.message_content.text": "What?",
                "llm.input_messages.0.message.contents.1.message_content.type": "image",
                "llm.output_messages.0.message.role": "assistant",
                "llm.output_messages.0.message.tool_calls.0.tool_call.id": "call_1",
                "llm.tools.0.tool.json_schema": '{"type": "function", "function": {"name": "search"}}',
                "llm.token_count.completion": 4,
                "user.id": "u-7",
            }
        ),
    )
    assert (row["model"], row["prompt"], row["n_images"], row["tools"]) == ("large-1", "What?", 1, ["search"])
    assert (row["temperature"], row["max_tokens"], row["tokens_out"], row["n_tool_calls"]) == (0.1, 9, 4, 1)
    assert (row["account_id"], row["end_user_id"]) == ("acc-a", "u-7")


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"gen_ai.operation.name": "embeddings"},
        {"gen_ai.operation.name": "execute_tool"},
        {"openinference.span.kind": "CHAIN"},
    ],
)
def test_other_spans_are_passed_over(rows, attributes):
    assert rows("otlp_json", spans(attributes)) == []


def test_a_call_nobody_pays_for_is_rejected():
    document = spans(CURRENT)
    document["resourceSpans"][0]["resource"] = {}
    (rejection,) = decode(Block("otlp_json", "exchanges", "log", 3, json.dumps(document).encode())).rejections
    assert (rejection.line, "account_id" in rejection.reason) == (3, True)


def test_framed_protobuf_and_what_is_cut_off(tmp_path):
    message = catalogue()["otlp_protobuf"].example
    frame = struct.pack(">I", len(message)) + message
    path = tmp_path / "traces.pb"
    path.write_bytes(frame + struct.pack(">I", 3) + b"\xff\xff\xff" + frame + frame[:-5])
    block, cut = split([path])
    decoded = decode(block)
    assert len(decoded.batch) == 2
    assert [rejection.line for rejection in decoded.rejections] == [2]
    assert cut == Rejection(str(path), 4, "the message is cut short")


def test_log_events_in_protobuf(tmp_path):
    logs_pb2 = pytest.importorskip("opentelemetry.proto.logs.v1.logs_pb2")
    data = logs_pb2.LogsData()
    resource = data.resource_logs.add()
    resource.resource.attributes.add(key="tenant.id").value.string_value = "acc-a"
    record = resource.scope_logs.add().log_records.add(
        time_unix_nano=1772438400000000000,
        event_name="gen_ai.user.message",
        trace_id=b"\1" * 16,
        span_id=b"\2" * 8,
    )
    record.body.kvlist_value.values.add(key="content").value.string_value = "Hi"
    path = tmp_path / "logs.pb"
    path.write_bytes(data.SerializeToString())
    (block,) = split([path])
    assert decode(block).batch["prompt"].to_pylist() == ["Hi"]


def test_without_the_extra_every_file_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(otlp_protobuf, "_messages", lambda: None)
    path = tmp_path / "traces.pb"
    path.write_bytes(catalogue()["otlp_protobuf"].example)
    assert list(split([path])) == [Rejection(str(path), None, otlp_protobuf.MISSING)]
