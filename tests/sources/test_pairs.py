import json

import pytest

from stillwatch.sources import catalogue

AROUND = {"request_id": "r", "account_id": "a", "timestamp": 1772438400}
CHAT = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True}


def pair(request, response, **more):
    return AROUND | {"request": request, "response": response} | more


@pytest.mark.parametrize("as_text", [False, True])
def test_a_chat_stream(rows, as_text):
    chunks = [
        {"id": "c", "choices": [{"delta": {"content": "Hel"}}]},
        {"id": "c", "choices": [{"delta": {"content": "lo", "tool_calls": [{"index": 0, "id": "call_1"}]}}]},
        {"id": "c", "choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"id": "c", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    ]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    (row,) = rows("openai_pairs", pair(CHAT, body if as_text else chunks))
    assert (row["response"], row["finish_reason"], row["tokens_in"], row["tokens_out"]) == (
        "Hello",
        "stop",
        3,
        2,
    )
    assert (row["stream"], row["n_tool_calls"]) == (True, 1)


def test_ids_sent_back_and_calls_on_both_sides(rows):
    turns = [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "function": {"name": "w"}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
    ]
    answer = {
        "choices": [
            {"message": {"content": None, "tool_calls": [{"id": "call_2"}]}, "finish_reason": "tool_calls"}
        ]
    }
    (row,) = rows("openai_pairs", pair(CHAT | {"messages": turns}, answer))
    assert (row["replayed_ids"], row["n_tool_calls"], row["n_tool_results"]) == (["call_1"], 2, 1)
    assert (row["response"], row["prompt"]) == (None, "Weather?")


def test_a_responses_stream_that_goes_on_from_another_answer(rows):
    request = {"model": "m", "input": "Hi", "previous_response_id": "resp_0", "text": {}}
    done = {
        "object": "response",
        "id": "resp_1",
        "status": "completed",
        "output": [{"type": "function_call"}],
    }
    events = [{"type": "response.created", "response": {}}, {"type": "response.completed", "response": done}]
    (row,) = rows("openai_pairs", pair(request, events))
    assert (row["replayed_ids"], row["n_tool_calls"], row["finish_reason"]) == (["resp_0"], 1, "completed")


def test_legacy_completions(rows):
    (row,) = rows(
        "openai_pairs",
        pair({"prompt": "Once", "logprobs": 5}, {"object": "text_completion", "choices": [{"text": "upon"}]}),
    )
    assert (row["prompt"], row["response"], row["logprobs"]) == ("Once", "upon", 5)


def test_an_error_answer(rows):
    refused = {"status_code": 429, "body": {"error": {"type": "rate_limit_error", "message": "slow down"}}}
    (row,) = rows("openai_pairs", pair(CHAT, refused))
    assert (row["http_status"], row["error_type"], row["prompt"]) == (429, "rate_limit_error", "Hi")


def test_an_answer_that_never_came(rows):
    (row,) = rows("openai_pairs", pair(CHAT, None, status_code=499))
    assert (row["http_status"], row["response"], row["n_tool_calls"]) == (499, None, 0)


def test_a_messages_stream(rows):
    events = [
        {
            "type": "message_start",
            "message": {"id": "msg_1", "type": "message", "usage": {"input_tokens": 8}},
        },
        {"type": "content_block_start", "content_block": {"type": "tool_use", "id": "toolu_9"}},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Hello"}},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 2}},
    ]
    (row,) = rows("anthropic_pairs", pair(CHAT | {"system": "Be brief."}, events))
    assert (row["system"], row["response"], row["finish_reason"]) == ("Be brief.", "Hello", "tool_use")
    assert (row["tokens_in"], row["tokens_out"], row["n_tool_calls"]) == (8, 2, 1)


@pytest.mark.parametrize("name", ["openai_pairs", "anthropic_pairs"])
def test_either_file_reads_a_mixed_log(rows, name):
    lines = b"".join(catalogue()[each].example for each in ("openai_pairs", "anthropic_pairs")).splitlines()
    assert len(rows(name, *map(json.loads, lines))) == 3


def test_a_status_that_is_none_of_http_is_absent(rows):
    (row,) = rows("openai_pairs", pair(CHAT, None, status=0))
    assert row["http_status"] is None


def test_of_a_stream_with_several_choices_the_first_is_the_answer(rows):
    chunks = [
        {"choices": [{"index": 1, "delta": {"content": "No"}}]},
        {"choices": [{"index": 0, "delta": {"content": "Yes"}}]},
    ]
    (row,) = rows("openai_pairs", pair(CHAT, chunks))
    assert row["response"] == "Yes"


def test_a_stream_of_plain_completions(rows):
    chunks = [{"choices": [{"index": 0, "text": "Hel"}]}, {"choices": [{"index": 0, "text": "lo"}]}]
    (row,) = rows("openai_pairs", pair({"model": "m", "prompt": "Say it", "stream": True}, chunks))
    assert row["response"] == "Hello"
