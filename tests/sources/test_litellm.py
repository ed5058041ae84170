import json
from datetime import UTC, datetime

import pytest

from stillwatch.sources import Block, catalogue, decode

PAYLOAD, SPEND = map(json.loads, catalogue()["litellm"].example.splitlines())


def test_a_payload(rows):
    (row,) = rows("litellm", PAYLOAD)
    assert row["ts"] == datetime(2026, 3, 2, 8, 0, 0, 250_000, UTC)
    assert (row["account_id"], row["org_id"], row["api_key_id"], row["end_user_id"]) == (
        "acc-a",
        "org-1",
        "88dc",
        "u-77",
    )
    assert (row["model"], row["prompt"], row["response"]) == ("large-1", "Grade this.", "4")
    assert (row["http_status"], row["latency_ms"], row["session_id"]) == (200, 2250.0, None)
    assert row["ja4"].startswith("t13d")


def test_a_spend_row_without_stored_prompts(rows):
    (row,) = rows("litellm", SPEND)
    assert (row["exchange_id"], row["account_id"], row["api_key_id"]) == ("r-2", "team-1", "99ab")
    assert (row["http_status"], row["error_type"]) == (429, "RateLimitError")
    assert (row["prompt"], row["messages"], row["n_turns"], row["n_tool_calls"]) == (None, None, None, None)


def test_a_spend_row_with_the_request_stored(rows):
    request = {
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [{"function": {"name": "search"}}],
        "temperature": 0.2,
    }
    (row,) = rows("litellm", SPEND | {"proxy_server_request": json.dumps(request)})
    assert (row["prompt"], row["tools"], row["temperature"]) == ("Hi", ["search"], 0.2)


@pytest.mark.parametrize(
    "begun",
    ["2026-03-02 08:00:03.5", "2026-03-02 08:00:03.5+00", "2026-03-02T09:00:03.500+01:00", 1772438403.5],
)
def test_times_of_exports(rows, begun):
    (row,) = rows("litellm", SPEND | {"startTime": begun})
    assert row["ts"] == datetime(2026, 3, 2, 8, 0, 3, 500_000, UTC)


def test_an_anthropic_call(rows):
    turns = [{"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image"}]}]
    answer = {"type": "message", "content": [{"type": "text", "text": "Hello"}], "usage": {"input_tokens": 3}}
    (row,) = rows(
        "litellm", PAYLOAD | {"call_type": "anthropic_messages", "messages": turns, "response": answer}
    )
    assert (row["prompt"], row["n_images"], row["response"]) == ("Hi", 1, "Hello")


def test_a_responses_call(rows):
    answer = {
        "object": "response",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "Hello"}]}],
    }
    (row,) = rows("litellm", PAYLOAD | {"call_type": "aresponses", "messages": "Hi", "response": answer})
    assert (row["prompt"], row["response"]) == ("Hi", "Hello")


def test_without_any_identity_it_is_rejected():
    line = json.dumps(PAYLOAD | {"metadata": {}}).encode()
    (rejection,) = decode(Block("litellm", "exchanges", "log", 7, line)).rejections
    assert rejection.line == 7
    assert "account_id" in rejection.reason
