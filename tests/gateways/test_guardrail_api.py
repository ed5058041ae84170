"""The guardrail service as LiteLLM 1.106 and Portkey call it."""

import json
import time

import pytest
from deciding import deciding
from starlette.testclient import TestClient

from stillwatch.gateways.guardrail_api import create, guardrail_app
from stillwatch.records import InvalidConfiguration

LITELLM = "/beta/litellm_basic_guardrail_api"
TURNS = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Weather?"}]


def asked(call="call-1", **more):
    return {
        "input_type": "request",
        "litellm_call_id": call,
        "litellm_trace_id": "trace-1",
        "structured_messages": TURNS,
        "texts": ["Be brief.", "Weather?"],
        "images": None,
        "tools": None,
        "model": "large-1",
        "request_data": {
            "user_api_key_hash": "88dc",
            "user_api_key_user_id": "acc-a",
            "user_api_key_org_id": "org-1",
        },
        "request_headers": {
            "user-agent": "openai-python/1.40",
            "x-forwarded-for": "203.0.113.7",
            "cookie": "[present]",
        },
        "litellm_version": "1.106.2",
        "additional_provider_specific_params": {},
        **more,
    }


def answered(*texts, call="call-1", **more):
    return asked(call, input_type="response", texts=list(texts), structured_messages=None, **more)


def portkey(event, reply=None, **request):
    body = {"model": "large-1", "messages": TURNS, **request}
    return {
        "request": {"json": body, "text": "Weather?", "isStreamingRequest": False, "isTransformed": False},
        "response": {
            "json": reply or {},
            "text": "",
            "statusCode": 200 if reply else None,
            "isTransformed": False,
        },
        "provider": "openai",
        "requestType": "chatComplete",
        "metadata": {"_user": "acc-a"},
        "eventType": event,
    }


@pytest.fixture
def service(opened):
    clients = []

    def make(step, *, token=None, quiet=20.0, **stated):
        gateway = opened(deciding(step, **stated), trusted_hops=1)
        client = TestClient(guardrail_app(gateway, token=token, quiet=quiet))
        client.__enter__()
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.__exit__(None, None, None)


def test_litellm_passes_and_the_call_is_recorded_once(service, spooled):
    client = service("observe", quiet=0.05)
    assert client.post(LITELLM, json=asked()).json() == {"action": "NONE"}
    for text in ("Ra", "Rain"):  # as a stream is sampled
        assert client.post(LITELLM, json=answered(text)).json() == {"action": "NONE"}
    until = time.monotonic() + 5.0
    while not spooled("exchanges") and time.monotonic() < until:
        time.sleep(0.02)
    (exchange,) = spooled("exchanges")
    assert (exchange["exchange_id"], exchange["account_id"], exchange["org_id"]) == (
        "call-1",
        "acc-a",
        "org-1",
    )
    assert (exchange["system"], exchange["prompt"], exchange["response"]) == ("Be brief.", "Weather?", "Rain")
    assert (exchange["client_ip"], exchange["user_agent"]) == ("203.0.113.7", "openai-python/1.40")
    assert exchange["latency_ms"] < 2_000


@pytest.mark.parametrize("step", ["block", "step_up"])
def test_litellm_blocks_with_a_reason(step, service, spooled):
    reply = service(step, message="Write to us.").post(LITELLM, json=asked()).json()
    assert reply == {"action": "BLOCKED", "blocked_reason": "Write to us. (campaign_member, dec-1)"}
    assert spooled("decisions")[0]["outcome"] == "refused"


def test_litellm_gets_texts_without_their_reasoning(service):
    client = service("strip_reasoning")
    client.post(LITELLM, json=asked())
    reply = client.post(LITELLM, json=answered("<think>so</think>Rain", "Sun")).json()
    assert reply == {"action": "GUARDRAIL_INTERVENED", "texts": ["Rain", "Sun"]}


@pytest.mark.parametrize(
    ("shown", "returned"),
    [
        # as LiteLLM 1.106.2 asks with streaming_transform_mode: incremental_diff, and without
        (
            ["<think>so</thi", "<think>so</think>Rain ", "<think>so</think>Rain now"],
            ["", "Rain ", "Rain now"],
        ),
        (["<think>so</thi", "nk>Rain ", "Rain now"], ["", "Rain ", "Rain now"]),
    ],
)
def test_litellm_asks_about_a_stream_again_and_again(shown, returned, service, spooled):
    client = service("strip_reasoning")
    client.post(LITELLM, json=asked())
    replies = [client.post(LITELLM, json=answered(text)).json() for text in shown]
    assert [reply["texts"] for reply in replies] == [[text] for text in returned]
    client.__exit__(None, None, None)
    assert spooled("exchanges")[0]["response"] == "<think>so</think>Rain now"


def test_an_answer_whose_request_is_not_known_passes(service):
    client = service("strip_reasoning")
    assert client.post(LITELLM, json=answered("<think>so</think>Rain")).json() == {"action": "NONE"}
    assert 'event="answers_unmatched"} 1' in client.get("/metrics").text


def test_what_waits_for_an_answer_is_handed_on_at_shutdown(opened, spooled):
    with TestClient(guardrail_app(opened(deciding("observe")))) as client:
        client.post(LITELLM, json=asked())
    assert len(spooled("exchanges")) == 1


def test_portkey_passes_and_the_call_is_recorded(service, spooled):
    client = service("observe")
    assert client.post("/portkey", json=portkey("beforeRequestHook")).json() == {"verdict": True}
    reply = {"choices": [{"index": 0, "message": {"content": "Rain"}, "finish_reason": "stop"}]}
    assert client.post("/portkey", json=portkey("afterRequestHook", reply)).json() == {"verdict": True}
    client.__exit__(None, None, None)
    (exchange,) = spooled("exchanges")
    assert (exchange["account_id"], exchange["response"], exchange["http_status"]) == ("acc-a", "Rain", 200)


def test_portkey_gets_whole_changed_bodies(service, spooled):
    client = service("strip_reasoning")
    reply = client.post("/portkey", json=portkey("beforeRequestHook", n=4, logprobs=True)).json()
    sent = reply["transformedData"]["request"]["json"]
    assert (reply["verdict"], sent) == (True, {"model": "large-1", "messages": TURNS, "n": 1})
    said = {"choices": [{"index": 0, "message": {"content": "Rain", "reasoning_content": "so"}}]}
    reply = client.post("/portkey", json=portkey("afterRequestHook", said)).json()
    assert reply["transformedData"]["response"]["json"] == {
        "choices": [{"index": 0, "message": {"content": "Rain"}}]
    }
    assert len(spooled("decisions")) == 1


def test_portkey_is_told_no(service):
    reply = service("block").post("/portkey", json=portkey("beforeRequestHook")).json()
    assert reply["verdict"] is False
    assert "dec-1" in reply["data"]["reason"]


@pytest.mark.parametrize("path", [LITELLM, "/portkey"])
def test_only_who_has_the_token_is_answered(path, service):
    client = service("observe", token="secret")
    assert client.post(path, json={}).status_code == 401
    assert client.post(path, json={}, headers={"x-api-key": "wrong"}).status_code == 401
    assert client.post(path, json={}, headers={"x-api-key": "secret"}).status_code == 200
    assert client.post(path, json={}, headers={"authorization": "Bearer secret"}).status_code == 200


@pytest.mark.parametrize("path", [LITELLM, "/portkey"])
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"texts": 7, "tools": 3, "request_data": [], "input_type": "response"}']
)
def test_garbage_passes(path, body, service):
    reply = service("block").post(path, content=body)
    assert reply.status_code == 200
    assert reply.json() in ({"action": "NONE"}, {"verdict": True})


def test_the_service_is_configured_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("STILLWATCH_GATEWAY", raising=False)
    with pytest.raises(InvalidConfiguration, match="STILLWATCH_GATEWAY"):
        create()
    (tmp_path / "gateway.toml").write_text(f"spool = {json.dumps(str(tmp_path / 'spool'))}\n")
    monkeypatch.setenv("STILLWATCH_GATEWAY", str(tmp_path / "gateway.toml"))
    with TestClient(create()) as client:
        assert client.post(LITELLM, json=asked()).json() == {"action": "NONE"}
