import json
import logging
import multiprocessing
import os
import signal

import pytest
from answers import ROUTES, TOOLS, request_of, seen_streamed, seen_whole
from deciding import deciding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.gateways._wire.sse import Reframer
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.capture import Capture
from stillwatch.gateways.opening import open_gateway
from stillwatch.gateways.settings import settings_from
from stillwatch.gateways.stream import Stream
from stillwatch.gateways.trouble import Trouble
from stillwatch.lab.provider.script import SCRIPT
from stillwatch.lab.provider_app import answer, frames
from stillwatch.records import STEPS, Exchange
from stillwatch.sources import decode, split

CALLER = Caller(account_id="acc-a", client_ip="192.0.2.1", user_agent="test/1")


def body_of(route, **more):
    return json.dumps(request_of(route, **more)).encode()


def through(passage, route, request, sizes=(5,)):
    """The stream a customer gets, fed in pieces."""
    data = b"".join(frames(route, SCRIPT, request))
    stream, out, place, turn = passage.stream(), [], 0, 0
    while place < len(data):
        size = sizes[turn % len(sizes)]
        out.append(stream.feed(data[place : place + size]))
        place, turn = place + size, turn + 1
    return b"".join([*out, stream.end()])


def events_in(data):
    reframer = Reframer()
    found = [event.data for event in [*reframer.feed(data), *reframer.end()]]
    return [json.loads(each) for each in found if each.startswith(b"{")]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("step", ["observe", "tag", "mark", "cap_rate", "hold"])
def test_what_no_step_edits_goes_on_in_its_own_bytes(route, step, opened):
    guard = opened(deciding(step)).guard
    body = body_of(route)
    passage = guard.request(CALLER, route, body)
    assert passage.body is body
    reply = json.dumps(answer(route, SCRIPT, {}), indent=3).encode()
    assert passage.answer(reply) is reply
    streamed = guard.request(CALLER, route, body)
    assert through(streamed, route, {}) == b"".join(frames(route, SCRIPT, {}))


@pytest.mark.parametrize("route", ROUTES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_a_stream_cut_anywhere_shows_what_the_whole_answer_shows(route, sizes, opened):
    guard = opened(deciding("strip_reasoning")).guard
    request = request_of(route, tools=TOOLS)
    passage = guard.request(CALLER, route, json.dumps(request).encode())
    whole = json.loads(passage.answer(json.dumps(answer(route, SCRIPT, request)).encode()))
    streamed = through(guard.request(CALLER, route, json.dumps(request).encode()), route, request, sizes)
    seen = seen_streamed(route, events_in(streamed))
    assert seen[:2] == seen_whole(route, whole)[:2]
    assert route in {"messages", "responses", "gemini"} or streamed.endswith(b"data: [DONE]\n\n")


def test_decoded_and_encoded_ways_agree(opened):
    guard = opened(deciding("strip_reasoning")).guard
    request = request_of("chat", logprobs=True, tools=TOOLS)
    passage = guard.request_document(CALLER, "chat", request)
    assert passage.document == json.loads(guard.request(CALLER, "chat", json.dumps(request).encode()).body)
    stream = passage.stream()
    out = [
        new for event in events_in(b"".join(frames("chat", SCRIPT, request))) for new in stream.event(event)
    ]
    assert seen_streamed("chat", out + stream.held())[:2] == ("", "")


@pytest.mark.parametrize("step", STEPS)
def test_a_dry_run_changes_nothing_and_leaves_its_entries(step, opened, spooled):
    guard = opened(deciding(step), enforce=False).guard
    body = body_of("chat", n=4, logprobs=True)
    passage = guard.request(CALLER, "chat", body)
    assert (passage.body, passage.refusal, passage.delay, dict(passage.forward)) == (body, None, 0.0, {})
    reply = json.dumps(answer("chat", SCRIPT, {})).encode()
    assert passage.answer(reply) is reply
    assert [entry["outcome"] for entry in spooled("decisions")] == ([] if step == "observe" else ["dry_run"])


def test_a_rule_in_shadow_leaves_an_entry(opened, spooled):
    guard = opened(deciding("observe", shadow_rule_id="r-9", shadow_step="block")).guard
    assert guard.request(CALLER, "chat", body_of("chat")).refusal is None
    (entry,) = spooled("decisions")
    assert (entry["outcome"], entry["decision"]["shadow_step"]) == ("dry_run", "block")


def test_an_entry_lies_in_the_spool_before_the_call_goes_on(opened, spooled):
    passage = opened(deciding("block")).guard.request(CALLER, "chat", body_of("chat"))
    (entry,) = spooled("decisions")
    assert passage.refusal.status == 403
    assert (entry["exchange_id"], entry["outcome"], entry["http_status"]) == (
        passage.exchange_id,
        "refused",
        403,
    )


def _refuse_and_die(folder):
    gateway = open_gateway(
        settings_from({"spool": "spool", "enforce": True}, "t", folder), decide=deciding("block")
    )
    gateway.guard.request(CALLER, "chat", body_of("chat"))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_leaves_no_step_without_its_entry(tmp_path, spooled):
    process = multiprocessing.get_context("spawn").Process(target=_refuse_and_die, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert [entry["outcome"] for entry in spooled("decisions")] == ["refused"]


def test_a_step_that_leaves_no_entry_is_not_taken(opened, tmp_path):
    gateway = opened(deciding("block"))
    (tmp_path / "spool" / "stillwatch.key").unlink()
    (tmp_path / "spool").rmdir()
    (tmp_path / "spool").write_text("in the way")
    passage = gateway.guard.request(CALLER, "chat", body_of("chat"))
    assert passage.refusal is None
    assert gateway.guard.metrics()["error_decision_entry"] == 1
    (tmp_path / "spool").unlink()


def test_no_call_is_held_longer_than_the_gateway_allows(opened, spooled):
    guard = opened(deciding("hold", settings={"seconds": 300}), limits={"hold_seconds": 1.5}).guard
    assert guard.request(CALLER, "chat", body_of("chat")).delay == 1.5
    assert spooled("decisions")[0]["delay"] == 1.5


def test_a_decision_without_evidence_is_written_and_not_acted_upon(opened, spooled):
    guard = opened(deciding("block", campaign_id=None, case_id=None)).guard
    assert guard.request(CALLER, "chat", body_of("chat")).refusal is None
    assert spooled("decisions")[0]["outcome"] == "not_justified"


def broken(call):
    raise KeyError(call.account_id)


def test_an_error_of_ours_lets_the_call_go_on_and_is_told_once_a_minute(opened, caplog):
    guard = opened(broken).guard
    body = body_of("chat")
    with caplog.at_level(logging.ERROR, "stillwatch.gateways"):
        for _ in range(3):
            passage = guard.request(CALLER, "chat", body)
            assert (passage.body, passage.refusal) == (body, None)
    assert guard.metrics()["error_decide"] == 3
    assert len(caplog.records) == 1
    assert "test_guard.py" in caplog.text
    assert "acc-a" not in caplog.text


def test_a_closed_route_refuses_in_place_of_failing_open(opened):
    guard = opened(broken, fail_closed=["messages"]).guard
    assert guard.request(CALLER, "chat", body_of("chat")).refusal is None
    refusal = guard.request(CALLER, "messages", body_of("messages")).refusal
    assert (refusal.status, refusal.body["type"]) == (503, "error")


class Broken:
    """A filter that fails at its third event."""

    def __init__(self):
        self.met = 0

    def event(self, event):
        self.met += 1
        return [event] if self.met < 3 else [event["no such"]]

    def end(self):
        return []


def test_a_filter_that_fails_lets_the_rest_of_the_stream_go_on():
    trouble = Trouble()
    stream = Stream([Broken()], Capture(1 << 20, trouble), trouble)
    data = b"".join(frames("chat", SCRIPT, {}))
    sent = stream.feed(data) + stream.end()
    assert sent == data
    assert trouble.counts["error_stream"] == 1


def test_a_call_without_an_account_is_counted_and_not_recorded(opened, spooled):
    guard = opened(deciding("block")).guard
    passage = guard.request(Caller(account_id=None), "chat", body_of("chat"))
    assert passage.refusal is None
    passage.finish(200)
    guard.close()
    assert (guard.metrics()["calls_without_account"], spooled("exchanges")) == (1, [])


def test_the_policy_sees_what_the_body_says(opened):
    seen = []

    def decide(call):
        seen.append(call)
        return deciding("observe")(call)

    opened(decide).guard.request(
        CALLER, "chat", body_of("chat", n=3, top_logprobs=5, tools=TOOLS, stream=True, temperature=0.5)
    )
    (call,) = seen
    assert (call.n_choices, call.logprobs, call.n_tools, call.stream, call.temperature) == (
        3,
        5,
        1,
        True,
        0.5,
    )
    assert (call.model, call.route, call.n_turns, call.client_ip) == ("large-1", "chat", 1, "192.0.2.1")


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_an_exchange_reads_as_a_record_of_the_contract(route, streamed, opened, spooled, tmp_path):
    guard = opened(deciding("strip_reasoning")).guard
    request = request_of(route, tools=TOOLS, stream=streamed)
    passage = guard.request(CALLER, route, json.dumps(request).encode())
    if streamed:
        through(passage, route, request)
    else:
        passage.answer(json.dumps(answer(route, SCRIPT, request)).encode())
    passage.finish(200)
    passage.finish(200)
    guard.close()
    (exchange,) = spooled("exchanges")
    assert exchange["prompt"] == "Hi"
    assert "take a coat" in exchange["response"]
    assert exchange["account_id"] == "acc-a"
    assert (exchange["http_status"], exchange.get("stream", False)) == (200, streamed)
    assert exchange["tools"] == ["weather"]
    if route != "completions":
        assert (exchange["tokens_in"], exchange["n_tool_calls"]) == (11, 1)
    assert set(exchange) <= set(Exchange.__struct_fields__)
    (path,) = (tmp_path / "spool").glob("exchanges-*.jsonl")
    read = [decode(block) for block in split([path])]
    assert [(len(each.batch), each.rejections) for each in read] == [(1, [])]


def test_text_stays_out_of_the_spool_where_the_settings_say_so(opened, spooled):
    guard = opened(deciding("observe"), keep_text=False).guard
    passage = guard.request(CALLER, "chat", body_of("chat"))
    passage.answer(json.dumps(answer("chat", SCRIPT, {})).encode())
    passage.finish(200)
    guard.close()
    (exchange,) = spooled("exchanges")
    assert not {"prompt", "system", "response"} & set(exchange)
    assert exchange["tokens_out"] > 0


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=60)
    | st.sampled_from([b"{}", b"[]", b"null", b'{"messages": [{"role": "\\ud800"}]}']),
    route=st.sampled_from([*ROUTES, "embeddings", "other"]),
    step=st.sampled_from(STEPS),
    pieces=st.lists(st.binary(max_size=40) | st.just(b"data: {}\n\n"), max_size=5),
)
def test_nothing_a_client_or_server_sends_raises(body, route, step, pieces, opened):
    guard = opened(deciding(step)).guard
    passage = guard.request(CALLER, route, body)
    assert not passage.changed or isinstance(passage.body, bytes)
    passage.answer(body)
    stream = passage.stream()
    for piece in pieces:
        stream.feed(piece)
    stream.end()
    passage.finish(None)
    guard.close()
    assert not {name: count for name, count in guard.metrics().items() if name.startswith("error_")}
