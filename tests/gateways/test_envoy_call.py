"""The processor's answers to parts of calls, without a network."""

import asyncio
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from deciding import deciding

sys.path.append(str(Path(__file__).parents[1] / "access" / "verification"))
from client_certificates import lasting_now
from possession import new_key, proof

from stillwatch.access.verification.api import Bound, publish_bound_keys
from stillwatch.access.verification.protocols import mtls
from stillwatch.gateways._envoy.messages import BUFFERED_PARTIAL, NONE, STREAMED, ProcessingRequest
from stillwatch.gateways.envoy import EnvoyProcessor

BODY = b'{"model": "large-1", "messages": [{"role": "user", "content": "Hi"}]}'


def headers(part, **named):
    request = ProcessingRequest()
    for name, value in named.items():
        getattr(request, part).headers.headers.add(
            key=name.replace("_", "-").replace("--", ":"), raw_value=value.encode()
        )
    return request


def asked(**named):
    return headers(
        "request_headers",
        **{"__method": "POST", "__path": "/v1/chat/completions", "x_account_id": "acc-a"} | named,
    )


def body(part, data=BODY, *, end=True):
    request = ProcessingRequest()
    getattr(request, part).body = data
    getattr(request, part).end_of_stream = end
    return request


def answered(kind="application/json", **named):
    return headers("response_headers", **{"__status": "200", "content_type": kind, **named})


def processed(processor, *requests):
    async def run():
        async def given():
            for request in requests:
                yield request

        return [reply async for reply in processor.process(given(), None)]

    return asyncio.run(run())


@pytest.fixture
def processor(opened):
    def make(decide, **stated):
        record = stated.pop("record_answers", True)
        return EnvoyProcessor(opened(decide, account_header="x-account-id", **stated), record_answers=record)

    return make


def test_each_part_gets_one_reply_of_its_kind(processor):
    made = processor(deciding("observe"))
    parts = [asked(), body("request_body"), answered(), body("response_body", b'{"choices": []}')]
    replies = processed(made, *parts)
    kinds = [reply.WhichOneof("response") for reply in replies]
    assert kinds == ["request_headers", "request_body", "response_headers", "response_body"]
    assert replies[2].mode_override.response_body_mode == STREAMED


def test_answers_are_only_looked_at_where_they_are_recorded_or_edited(processor):
    def mode(step, kind="application/json", **named):
        made = processor(deciding(step), record_answers=False)
        return processed(made, asked(), body("request_body"), answered(kind, **named))[
            -1
        ].mode_override.response_body_mode

    assert mode("observe") == mode("tag", "text/event-stream") == NONE
    assert mode("strip_reasoning") == BUFFERED_PARTIAL
    assert mode("strip_reasoning", "text/event-stream") == STREAMED
    assert mode("strip_reasoning", content_encoding="gzip") == NONE


def test_an_error_anywhere_lets_the_part_go_on(processor, monkeypatch):
    """Each thing that is asked on the way fails once."""
    from stillwatch.gateways._envoy import call  # noqa: PLC0415

    def fail(*_, **__):
        raise RuntimeError("planned")

    parts = [asked(), body("request_body"), answered(), body("response_body", b"{}")]
    for target, name in [
        (call, "route_of"),
        (call, "_decoded"),
        (call.EnvoyCall, "_caller"),
        (call.EnvoyCall, "_request_headers"),
        (call.EnvoyCall, "_request_body"),
        (call.EnvoyCall, "_response_headers"),
        (call.EnvoyCall, "_response_body"),
        (call.replies, "change"),
        (call.replies, "replace_body"),
        (call.replies, "ask_for_answer"),
    ]:
        made = processor(deciding("strip_reasoning"))
        with monkeypatch.context() as patched:
            patched.setattr(target, name, fail)
            replies = processed(made, *parts)
        assert [reply.WhichOneof("response") for reply in replies] == [
            part.WhichOneof("request") for part in parts
        ]
        assert not any(reply.HasField("immediate_response") for reply in replies)


def test_a_decision_that_fails_refuses_only_where_that_was_asked_for(processor):
    def fail(_):
        raise RuntimeError("planned")

    assert (
        processed(processor(fail), asked(), body("request_body"))[-1].WhichOneof("response") == "request_body"
    )
    closed = processor(fail, fail_closed=["chat"])
    assert processed(closed, asked(), body("request_body"))[-1].immediate_response.status.code == 503


def test_parts_it_does_not_know_and_compressed_bodies_go_on(processor):
    made = processor(deciding("reduce_surface"))
    unknown = ProcessingRequest()
    replies = processed(made, unknown, asked(content_encoding="gzip"), body("request_body", b"\x1f\x8b"))
    assert [reply.WhichOneof("response") for reply in replies] == ["request_headers", "request_body"]
    assert made.gateway.guard.metrics()["bodies_encoded"] == 1


def test_more_calls_than_may_be_held_are_not_held(processor):
    made = processor(deciding("hold", settings={"seconds": 30}), limits={"held": 1})
    made.holds.waiting = 1
    assert [r.WhichOneof("response") for r in processed(made, asked(), body("request_body"))] == [
        "request_headers",
        "request_body",
    ]
    assert made.gateway.guard.metrics()["holds_skipped"] == 1


def test_a_request_that_cannot_be_looked_at_is_refused_only_where_that_was_asked_for(processor, monkeypatch):
    def fail(*_):
        raise RuntimeError("planned")

    monkeypatch.setattr("stillwatch.gateways._envoy.call.EnvoyCall._request_body", fail)
    assert processed(processor(deciding("observe")), asked(), body("request_body"))[-1].HasField(
        "request_body"
    )
    closed = processor(deciding("observe"), fail_closed=["chat"])
    assert processed(closed, asked(), body("request_body"))[-1].immediate_response.status.code == 503


def test_a_key_is_asked_for_and_refused_in_the_envoy_s_own_answer(processor, tmp_path):
    key, own = new_key(), lasting_now()
    x5t = mtls.presented(own.der).thumbprint
    bound = {"acc-a": Bound(frozenset({key.thumbprint()})), "acc-c": Bound(frozenset(), frozenset({x5t}))}
    publish_bound_keys(tmp_path / "bound-keys", bound)
    stated = {
        "file": "bound-keys",
        "base_url": "https://api.example.com",
        "nonces": True,
        "certificate_header": "x-forwarded-client-cert",
    }
    made = processor(deciding("observe"), bound_keys=stated)

    def last(**named):
        named = {"authorization": "Bearer sk-1", "__path": "/v1/chat/completions?a=1"} | named
        return processed(made, asked(**named), body("request_body"))[-1]

    def shown(**more):
        return proof(key, now=time.time_ns() // 1000, token="sk-1", **more)

    refused = last(dpop=shown())
    assert refused.immediate_response.status.code == 401
    said = {
        one.header.key.lower(): one.header.raw_value.decode()
        for one in refused.immediate_response.headers.set_headers
    }
    assert said["www-authenticate"].startswith('DPoP error="use_dpop_nonce"')
    assert last(dpop=shown(nonce=said["dpop-nonce"])).WhichOneof("response") == "request_body"
    assert last(x_account_id="acc-b").WhichOneof("response") == "request_body"
    assert last(x_account_id="acc-c").immediate_response.status.code == 401
    forwarded = f'Hash=ab;Cert="{quote(own.pem)}"'
    passed = last(x_account_id="acc-c", x_forwarded_client_cert=forwarded)
    assert passed.WhichOneof("response") == "request_body"
