"""Raw requests and answers of OpenAI's Chat Completions, Completions and Responses, one pair a line.

Reads JSON lines (or one JSON list) whose objects hold a `request` and a `response` (also `request_body`,
`response_body`), each the body itself or `{"body": ..., "status_code": ...}`, parsed or as text. A stream may
be logged as the list of its events or as server-sent text. Around them it looks for who, when and from
where: the contract's own names, and `request_id`, `timestamp`, `created_at`, `organization_id`,
`status_code`, `duration_ms` and the like. The time may be ISO 8601 or a number since 1970 in any unit.

`n_tool_calls` counts calls among the turns sent and in the answer. `replayed_ids` are the ids sent back where
the API expects ones it minted (tool calls, `previous_response_id`, reasoning items); a client can make such
ids up. Of several choices only the first is kept as `response`.

Cannot see: turns the provider keeps (`previous_response_id`), who pays where the line does not say, and
addresses or TLS facts unless the writer adds them. A pair without an account or a time is rejected.
"""

from stillwatch.sources._reading.envelope import has_pairs, pair
from stillwatch.sources._reading.json_log import JsonLog

EXAMPLE = b"""\
{"request_id": "r-1", "account_id": "acc-a", "timestamp": "2026-03-02T09:00:00+01:00", "client_ip": "192.0.2.10", "request": {"model": "large-1", "messages": [{"role": "system", "content": "You grade."}, {"role": "user", "content": "Grade this."}], "n": 4, "logprobs": true, "top_logprobs": 5}, "response": {"id": "chatcmpl-1", "object": "chat.completion", "created": 1772438400, "choices": [{"index": 0, "message": {"role": "assistant", "content": "4 of 5"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 12, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2}}}}
{"account_id": "acc-b", "request": {"model": "large-1", "instructions": "Be brief.", "input": [{"role": "user", "content": [{"type": "input_text", "text": "Weather?"}]}, {"type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{}"}, {"type": "function_call_output", "call_id": "call_1", "output": "rain"}], "tools": [{"type": "function", "name": "weather"}], "reasoning": {"effort": "high"}}, "response": {"status_code": 200, "body": {"id": "resp_1", "object": "response", "created_at": 1772438403, "status": "completed", "output": [{"type": "message", "content": [{"type": "output_text", "text": "Rain."}]}], "usage": {"input_tokens": 30, "output_tokens": 3, "output_tokens_details": {"reasoning_tokens": 1}}}}}
"""
MARKS = (b'"choices"', b'"chat.completion', b'"resp_', b'"finish_reason"', b'"output_text"')


def score(head: bytes) -> float:
    """Sure of a pair that shows a word only OpenAI's formats have."""
    return 0.0 if not has_pairs(head) else 0.8 if any(mark in head for mark in MARKS) else 0.4


SOURCE = JsonLog("openai_pairs", EXAMPLE, score, pair)
