import json

import pytest

from stillwatch.sources import catalogue

CONVERSE, STREAM = map(json.loads, catalogue()["bedrock"].example.splitlines())


def test_converse(rows):
    (row,) = rows("bedrock", CONVERSE)
    assert row["account_id"] == "arn:aws:sts::123456789012:assumed-role/team-a"
    assert (row["org_id"], row["pathway"], row["stream"]) == ("123456789012", "cloud:bedrock", False)
    assert (row["system"], row["prompt"], row["n_images"], row["tools"]) == (
        "Be brief.",
        "What is this?",
        1,
        ["search"],
    )
    assert (row["response"], row["tokens_in"], row["latency_ms"]) == ("A cat.", 15, 420.0)


def test_tools_in_converse(rows):
    turns = [
        {"role": "user", "content": [{"text": "Weather?"}]},
        {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t-1", "name": "w"}}]},
        {"role": "user", "content": [{"toolResult": {"toolUseId": "t-1", "content": [{"text": "rain"}]}}]},
    ]
    (row,) = rows("bedrock", CONVERSE | {"input": {"inputBodyJson": {"messages": turns}}})
    assert (row["n_tool_calls"], row["n_tool_results"], row["replayed_ids"]) == (1, 1, ["t-1"])


def test_a_streamed_answer(rows):
    (row,) = rows("bedrock", STREAM)
    assert (row["response"], row["finish_reason"], row["stream"], row["tokens_out"]) == (
        "Hello",
        "end_turn",
        True,
        2,
    )


def test_an_export_of_cloudwatch(rows):
    assert rows("bedrock", {"timestamp": 1, "message": json.dumps(STREAM)}) == rows("bedrock", STREAM)


@pytest.mark.parametrize(
    ("request_body", "answer_body"),
    [
        (
            {"inputText": "Hi", "textGenerationConfig": {"maxTokenCount": 9}},
            {"results": [{"outputText": "Hello"}]},
        ),
        ({"prompt": "Hi", "max_gen_len": 9}, {"generation": "Hello", "stop_reason": "stop"}),
        ('{"prompt": "Hi", "max_tokens": 9}', '{"choices": [{"text": "Hello"}]}'),
    ],
)
def test_other_vendors(rows, request_body, answer_body):
    record = STREAM | {"input": {"inputBodyJson": request_body}, "output": {"outputBodyJson": answer_body}}
    (row,) = rows("bedrock", record)
    assert (row["prompt"], row["response"], row["max_tokens"]) == ("Hi", "Hello", 9)


def test_a_refused_call_without_bodies(rows):
    (row,) = rows(
        "bedrock",
        {k: v for k, v in STREAM.items() if k not in {"input", "output"}}
        | {"errorCode": "ThrottlingException"},
    )
    assert (row["error_type"], row["prompt"], row["tokens_in"]) == ("ThrottlingException", None, None)
