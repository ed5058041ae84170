"""The processor's answers to parts of calls, without a network."""

import asyncio

import pytest
from deciding import deciding

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
