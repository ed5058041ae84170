"""LiteLLM's own records: `StandardLoggingPayload` and rows of the table `LiteLLM_SpendLogs`.

Reads JSON lines (or one JSON list) of the payloads that LiteLLM hands to its callbacks and writes to S3, GCS
or a webhook (`startTime` in seconds, `call_type`, `metadata.user_api_key_hash`, ...), and spend rows exported
from Postgres (`request_id`, `api_key`, `spend`, `startTime` as text; `metadata`, `messages` and `response` may
be JSON text). Names as of LiteLLM 1.106.

The account is the key's user, else its team, else the key's hash. `org_id` is the organisation, else the team.
`model` is the name asked for (`model_group`). `http_status` is 200 for a success, and the error's code for a
failure. Edge headers that reach LiteLLM as custom headers give `ja4`, `country`, `asn` and
`accept_language`: x-ja4, x-country or cf-ipcountry, x-asn, accept-language.

Cannot see: prompts in spend rows unless prompt storage is on, payment and sign-up facts (join them as an
`accounts` file), and the true client address behind a proxy LiteLLM was not told to trust.
"""

import re
from collections.abc import Iterator

from stillwatch.sources._reading import chat, messages, responses
from stillwatch.sources._reading.dig import (
    Facts,
    Json,
    at,
    count,
    first,
    flag,
    http_status,
    items,
    merged,
    moment,
    parsed,
    text,
)
from stillwatch.sources._reading.exchange import exchange_facts, format_of
from stillwatch.sources._reading.json_log import JsonLog
from stillwatch.sources._reading.looks import keys

EXAMPLE = b"""\
{"id": "chatcmpl-1", "litellm_call_id": "c-1", "trace_id": "t-1", "session_id": "", "call_type": "acompletion", "stream": false, "status": "success", "custom_llm_provider": "openai", "startTime": 1772438400.25, "endTime": 1772438402.5, "model": "openai/large-1", "model_group": "large-1", "prompt_tokens": 12, "completion_tokens": 4, "end_user": "u-77", "requester_ip_address": "192.0.2.10", "user_agent": "python-httpx/0.27", "messages": [{"role": "user", "content": "Grade this."}], "response": {"id": "chatcmpl-1", "choices": [{"message": {"role": "assistant", "content": "4"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 12, "completion_tokens": 4, "completion_tokens_details": {"reasoning_tokens": 2}}}, "model_parameters": {"temperature": 0.7, "n": 4}, "metadata": {"user_api_key_hash": "88dc", "user_api_key_user_id": "acc-a", "user_api_key_org_id": "org-1", "requester_custom_headers": {"x-ja4": "t13d1516h2_8daaf6152771_02713d6af862"}}}
{"request_id": "r-2", "call_type": "acompletion", "api_key": "99ab", "spend": 0.1, "total_tokens": 7, "prompt_tokens": 5, "completion_tokens": 2, "startTime": "2026-03-02T08:00:03.000Z", "endTime": "2026-03-02T08:00:04.000Z", "model": "large-1", "user": "", "team_id": "team-1", "metadata": "{\\"status\\": \\"failure\\", \\"error_information\\": {\\"error_code\\": \\"429\\", \\"error_class\\": \\"RateLimitError\\"}}", "messages": "{}", "response": {}}
"""
PAYLOAD = {"litellm_call_id", "model_parameters", "hidden_params", "model_map_information"}
SPEND_ROW = {"request_id", "spend"}
FAILED = "failure"
COUNTRY = re.compile("[A-Z]{2}")


def score(head: bytes) -> float:
    """Sure of the names that only these records have together."""
    names = keys(head)
    if not {"call_type", "startTime"} <= names:
        return 0.0
    return 0.95 if names & PAYLOAD or names >= SPEND_ROW else 0.0


def read(record: Json) -> Iterator[Facts]:
    """The one exchange of a record."""
    about = parsed(at(record, "metadata"))
    begun, ended = moment(at(record, "startTime")), moment(at(record, "endTime"))
    team = first(text(about, "user_api_key_team_id"), text(record, "team_id"))
    key = first(text(about, "user_api_key_hash"), text(record, "api_key"))
    user = first(text(about, "user_api_key_user_id"), text(record, "user"))
    said_around: Facts = {
        "exchange_id": first(text(record, "id"), text(record, "request_id"), text(record, "litellm_call_id")),
        "ts": begun,
        "account_id": first(user, team, key),
        "org_id": first(text(about, "user_api_key_org_id"), text(record, "organization_id"), team),
        "api_key_id": key,
        "end_user_id": first(text(record, "end_user"), text(about, "user_api_key_end_user_id")),
        "session_id": text(record, "session_id"),
        "stream": flag(record, "stream"),
        "model": first(text(record, "model_group"), text(record, "model")),
        "tokens_in": count(record, "prompt_tokens"),
        "tokens_out": count(record, "completion_tokens"),
        "latency_ms": (ended - begun) / 1000 if begun and ended and ended >= begun else None,
        **_network(record, about),
        **_outcome(record, about),
    }
    yield merged(said_around, _content(record))


def _content(record: Json) -> Facts:
    """Facts of the request and the answer, in the wire format the client spoke."""
    sent = parsed(at(record, "proxy_server_request"))
    turns = parsed(at(record, "messages"))
    call = text(record, "call_type") or ""
    settings = parsed(at(record, "model_parameters"))
    request: Json = dict(settings) if isinstance(settings, dict) else {}
    if isinstance(sent, dict):
        request = sent | request
    if isinstance(turns, list | str) and turns:
        request |= {"input" if "responses" in call else "messages": turns}
    if isinstance(at(request, "messages"), str):
        request["messages"] = [{"role": "user", "content": request["messages"]}]
    answer = parsed(at(record, "response"))
    if isinstance(answer, str):
        answer = {"choices": [{"message": {"content": answer}}]}
    asked = messages if "anthropic" in call else responses if "responses" in call else chat
    said = format_of({}, answer) or asked
    return exchange_facts(asked, request, said, answer)


def _network(record: Json, about: Json) -> Facts:
    headers = at(about, "requester_custom_headers")
    lower = {str(name).lower(): value for name, value in headers.items()} if isinstance(headers, dict) else {}
    country = first(text(lower, "x-country"), text(lower, "cf-ipcountry"))
    tags = (tag for tag in items(record, "request_tags") if isinstance(tag, str))
    agents = (tag.removeprefix("User-Agent: ") for tag in tags if tag.startswith("User-Agent: "))
    return {
        "client_ip": first(text(record, "requester_ip_address"), text(about, "requester_ip_address")),
        "user_agent": first(text(record, "user_agent"), text(about, "user_agent"), *agents),
        "ja4": text(lower, "x-ja4"),
        "accept_language": text(lower, "accept-language"),
        "asn": text(lower, "x-asn"),
        "country": country if country and COUNTRY.fullmatch(country) else None,
    }


def _outcome(record: Json, about: Json) -> Facts:
    error = first(at(record, "error_information"), at(about, "error_information"))
    status = first(text(record, "status"), text(about, "status"))
    code = http_status(error, "error_code")
    return {
        "http_status": code if status == FAILED else 200 if status == "success" else None,
        "error_type": text(error, "error_class"),
    }


SOURCE = JsonLog("litellm", EXAMPLE, score, read)
