"""Amazon Bedrock's model invocation log, as it is delivered to S3 or CloudWatch.

Reads JSON lines (mostly gzip) or a JSON list of records with `schemaType: ModelInvocationLog`, and CloudWatch
exports that carry such a record as text in `message`. Bodies of Converse, of Anthropic's and OpenAI's models
and of Llama and Titan text models are understood; a streamed answer is put together from its events.

The account is `identity.arn`, without the session name of an assumed role; `org_id` the AWS account;
`api_key_id` the whole arn; `pathway` is always `cloud:bedrock`. `tokens_in` and `tokens_out` are the log's own
counts.

Cannot see: large bodies, which Bedrock stores as objects of their own, the client's address and agent
(CloudTrail has them under the same request id), payment and sign-up facts.
"""

from collections.abc import Iterator

from stillwatch.sources._reading.dig import (
    Facts,
    Json,
    at,
    count,
    first,
    items,
    merged,
    moment,
    number,
    parsed,
    text,
)
from stillwatch.sources._reading.exchange import format_of, pair_facts, whole
from stillwatch.sources._reading.json_log import JsonLog
from stillwatch.sources._reading.turns import text_of

EXAMPLE = b"""\
{"schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-03-02T08:00:00Z", "accountId": "123456789012", "identity": {"arn": "arn:aws:sts::123456789012:assumed-role/team-a/session-1"}, "region": "us-east-1", "requestId": "b-1", "operation": "Converse", "modelId": "vendor.large-1-v1:0", "input": {"inputContentType": "application/json", "inputBodyJson": {"system": [{"text": "Be brief."}], "messages": [{"role": "user", "content": [{"text": "What is this?"}, {"image": {"format": "png"}}]}], "inferenceConfig": {"maxTokens": 512, "temperature": 0.1}, "toolConfig": {"tools": [{"toolSpec": {"name": "search"}}]}}, "inputTokenCount": 15}, "output": {"outputContentType": "application/json", "outputBodyJson": {"output": {"message": {"role": "assistant", "content": [{"text": "A cat."}]}}, "stopReason": "end_turn", "metrics": {"latencyMs": 420}, "usage": {"inputTokens": 15, "outputTokens": 3}}, "outputTokenCount": 3}}
{"schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-03-02T08:00:03Z", "accountId": "123456789012", "identity": {"arn": "arn:aws:iam::123456789012:user/b"}, "region": "us-east-1", "requestId": "b-2", "operation": "InvokeModelWithResponseStream", "modelId": "anthropic.large-1", "input": {"inputBodyJson": {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]}, "inputTokenCount": 8}, "output": {"outputBodyJson": [{"type": "message_start", "message": {"id": "msg_1", "type": "message", "usage": {"input_tokens": 8}}}, {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hel"}}, {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "lo"}}, {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}], "outputTokenCount": 2}}
"""
MARK = b"ModelInvocationLog"


def score(head: bytes) -> float:
    """Sure of the name of its schema."""
    return 0.95 if MARK in head else 0.0


def read(record: Json) -> Iterator[Facts]:
    """The one exchange of a record."""
    inside = parsed(at(record, "message"))
    if isinstance(inside, dict):
        record = inside
    arn = text(record, "identity", "arn")
    request = parsed(at(record, "input", "inputBodyJson"))
    answer = whole(at(record, "output", "outputBodyJson"))
    said_around: Facts = {
        "exchange_id": text(record, "requestId"),
        "ts": moment(at(record, "timestamp")),
        "account_id": first(_principal(arn), text(record, "accountId")),
        "org_id": text(record, "accountId"),
        "api_key_id": arn,
        "pathway": "cloud:bedrock",
        "model": text(record, "modelId"),
        "stream": "Stream" in (text(record, "operation") or ""),
        "tokens_in": count(record, "input", "inputTokenCount"),
        "tokens_out": count(record, "output", "outputTokenCount"),
        "error_type": text(record, "errorCode"),
    }
    yield merged(
        said_around, _converse(request, answer) if _is_converse(request) else _invoked(request, answer)
    )


def _principal(arn: str | None) -> str | None:
    """The arn of who is billed: an assumed role without the name of the session."""
    if arn is None or ":assumed-role/" not in arn:
        return arn
    return "/".join(arn.split("/")[:2])


def _is_converse(request: Json) -> bool:
    part = at(request, "messages", 0, "content", 0)
    return isinstance(part, dict) and "type" not in part


def _converse(request: Json, answer: Json) -> Facts:
    """Converse has parts without a type; they are given those of Anthropic's format, then read as such."""
    settings = at(request, "inferenceConfig")
    asked: Json = {
        "system": [_typed(part) for part in items(request, "system")],
        "messages": [
            {"role": at(turn, "role"), "content": [_typed(part) for part in items(turn, "content")]}
            for turn in items(request, "messages")
        ],
        "tools": items(request, "toolConfig", "tools"),
        "max_tokens": at(settings, "maxTokens"),
        "temperature": at(settings, "temperature"),
        "anthropic_version": "converse",
    }
    said: Json = {
        "content": [_typed(part) for part in items(answer, "output", "message", "content")],
        "stop_reason": at(answer, "stopReason"),
        "usage": {
            "input_tokens": at(answer, "usage", "inputTokens"),
            "output_tokens": at(answer, "usage", "outputTokens"),
            "cache_read_input_tokens": at(answer, "usage", "cacheReadInputTokens"),
        },
    }
    wire = format_of(asked, said)
    facts = pair_facts(wire, asked, said) if wire is not None else {}
    return facts | {"latency_ms": number(answer, "metrics", "latencyMs")}


def _typed(part: Json) -> Json:
    """A part of Converse as the same part of Anthropic's format."""
    if isinstance(at(part, "text"), str):
        return {"type": "text", "text": part["text"]}
    if at(part, "toolUse") is not None:
        return {"type": "tool_use", "id": text(part, "toolUse", "toolUseId")}
    if at(part, "toolResult") is not None:
        inner = [_typed(each) for each in items(part, "toolResult", "content")[:100]]
        return {"type": "tool_result", "tool_use_id": text(part, "toolResult", "toolUseId"), "content": inner}
    return {"type": "image" if at(part, "image") is not None else "other"}


def _invoked(request: Json, answer: Json) -> Facts:
    """InvokeModel: each vendor's own body."""
    wire = format_of(request, answer)
    facts = pair_facts(wire, request, answer) if wire is not None else {}
    titan = text(request, "inputText")
    plain: Facts = {
        "messages": [{"role": "user", "content": titan}] if titan else None,
        "max_tokens": first(
            count(request, "max_gen_len"), count(request, "textGenerationConfig", "maxTokenCount")
        ),
        "temperature": number(request, "textGenerationConfig", "temperature"),
        "response": first(
            text(answer, "generation"),
            text(answer, "outputText"),
            text_of(
                [
                    {"text": each["outputText"]}
                    for each in items(answer, "results")
                    if text(each, "outputText")
                ]
            ),
        ),
        "finish_reason": text(answer, "stop_reason"),
    }
    return merged(facts, plain)


SOURCE = JsonLog("bedrock", EXAMPLE, score, read)
