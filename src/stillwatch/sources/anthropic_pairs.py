"""Raw requests and answers of Anthropic's Messages API, one pair a line.

Reads JSON lines (or one JSON list) whose objects hold a `request` and a `response` (also `request_body`,
`response_body`), each the body itself or `{"body": ..., "status_code": ...}`, parsed or as text. A stream may
be logged as the list of its events or as server-sent text. Around them it looks for who, when and from
where: the contract's own names, and `request_id`, `timestamp`, `created_at`, `organization_id`,
`status_code`, `duration_ms` and the like. An answer of this API carries no time, so the line must.

`tokens_in` is the sum of fresh, cached and newly cached input, as other providers count. Thinking is no part
of `response`. `reasoning_effort` is the effort asked for or else the thinking budget. `replayed_ids` are the ids
of tool calls sent back; a client can make such ids up.

Cannot see: who pays where the line does not say, and addresses or TLS facts unless the writer adds them. A
pair without an account or a time is rejected.
"""

from stillwatch.sources._reading.envelope import has_pairs, pair
from stillwatch.sources._reading.json_log import JsonLog

EXAMPLE = b"""\
{"request_id": "req_1", "organization_id": "org-1", "timestamp": "2026-03-02T08:00:00Z", "request": {"model": "large-1", "max_tokens": 1024, "system": [{"type": "text", "text": "You are an agent."}], "messages": [{"role": "user", "content": "Find a flight."}, {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "search", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "3 found"}]}], "tools": [{"name": "search"}], "metadata": {"user_id": "u-7"}, "thinking": {"type": "enabled", "budget_tokens": 2048}}, "response": {"id": "msg_1", "type": "message", "role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Take the first."}], "stop_reason": "end_turn", "usage": {"input_tokens": 90, "cache_read_input_tokens": 10, "output_tokens": 5}}}
"""
MARKS = (b'"stop_reason"', b'"toolu_', b'"msg_', b'"anthropic_version"', b'"message_start"')


def score(head: bytes) -> float:
    """Sure of a pair that shows a word only Anthropic's format has."""
    return 0.85 if has_pairs(head) and any(mark in head for mark in MARKS) else 0.0


SOURCE = JsonLog("anthropic_pairs", EXAMPLE, score, pair)
