"""The processor behind a real Envoy, in front of the small provider, in the three wire formats."""

import time

import httpx
import pytest
from accounts import publish_verdicts
from answers import request_of
from asking import CALLS, PATHS, REASONING, SAID, ask, recorded, seen
from served import served

from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider_app import ProviderApp
from stillwatch.lab.served import servers

CONFIGURATION = """\
spool: spool
policy: policy.yaml
verdicts: verdicts
account_header: x-account-id
trusted_hops: 1
enforce: true
appeal_url: https://example.org/appeal/{decision_id}
limits: {segment_seconds: 0.2}
"""
ROUTES = list(PATHS)


class Front:
    """A running Envoy, its processor and its provider."""

    def __init__(self, folder, envoy, processor, provider):
        self.folder, self.url, self.processor, self.provider = folder, envoy.url, processor, provider

    def ask(self, account, route, *, stream=False, **more):
        headers = more.pop("headers", {})
        return ask(self.url, route, {"x-account-id": f"acc-{account}", **headers}, stream=stream, **more)

    def exchanges(self, account, count):
        return recorded(self.folder / "spool", f"acc-{account}", count)


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    if servers.envoy_binary() is None:
        pytest.skip("Envoy is not installed")
    folder = tmp_path_factory.mktemp("envoy")
    publish_verdicts(folder)
    (folder / "gateway.yaml").write_text(CONFIGURATION)
    provider = ProviderApp()
    with served(provider) as url, servers.processor(folder, folder / "gateway.yaml") as processor:
        upstream = int(url.rpartition(":")[2])
        with servers.envoy(folder, upstream, processor.port) as envoy:
            yield Front(folder, envoy, processor, provider)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_a_call_passes_unchanged_and_is_recorded(route, stream, front):
    account = f"fine-{route}-{stream}"
    reply = front.ask(
        account, route, stream=stream, headers={"x-forwarded-for": "6.6.6.6", "x-stillwatch-step": "x"}
    )
    assert seen(route, reply, stream=stream) == (SAID, REASONING, CALLS)
    assert "x-stillwatch-step" not in front.provider.headers[-1]
    (exchange,) = front.exchanges(account, 1)
    assert (exchange["prompt"], exchange["http_status"]) == ("Hi", 200)
    assert (
        exchange["client_ip"] != "6.6.6.6"
    )  # what Envoy calls a peer on its own machine: an address of its own
    assert "It rains in Bern" in exchange["response"]
    assert (exchange["tokens_out"] > 0, exchange.get("stream", False)) == (True, stream)
    assert "error_type" not in exchange


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_block(route, stream, front):
    before = len(front.provider.seen)
    reply = front.ask("block", route, stream=stream)
    error = reply.json()["error"]
    assert (reply.status_code, reply.headers["content-type"]) == (403, "application/json")
    assert error["message"] == "This account is suspended."
    assert error["stillwatch"]["reason"] == "is_block"
    assert error["stillwatch"]["appeal"].endswith(error["stillwatch"]["decision_id"])
    assert len(front.provider.seen) == before


def test_throttle(front):
    statuses = [front.ask("cap", route).status_code for route in (*ROUTES, *ROUTES)]
    assert statuses == [200, 429, 429, 429, 429, 429]
    assert int(front.ask("cap", "messages").headers["retry-after"]) > 1_000


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_strip(route, stream, front):
    assert seen(route, front.ask("strip", route, stream=stream), stream=stream) == (SAID, "", CALLS)
    assert "accept-encoding" not in front.provider.headers[-1]


def test_hold_waits_longer_than_a_message_may_take(front):
    begun = time.monotonic()
    assert front.ask("hold", "chat").status_code == 200
    assert 1.0 <= time.monotonic() - begun < 5.0


def test_tags_reach_the_serving_side_and_requests_are_reduced(front):
    assert front.ask("tag", "chat").status_code == 200
    assert any(name.startswith("x-stillwatch-") for name in front.provider.headers[-1])
    assert front.ask("reduce", "chat", n=3, logprobs=True).status_code == 200
    assert (front.provider.seen[-1]["n"], "logprobs" in front.provider.seen[-1]) == (1, False)


@pytest.mark.parametrize("account", ["fine-slow", "strip"])
def test_events_arrive_while_the_model_still_writes(account, front):
    front.provider.pause = 0.02
    try:
        headers = {"x-account-id": f"acc-{account}"}
        body = request_of("chat", stream=True)
        with httpx.stream("POST", f"{front.url}{PATHS['chat']}", json=body, headers=headers) as reply:
            arrivals = [time.monotonic() for _ in reply.iter_raw()]
    finally:
        front.provider.pause = 0.0
    assert len(arrivals) > 5
    assert arrivals[-1] - arrivals[0] > 0.1


def test_other_paths_pass_unseen(front):
    assert httpx.get(f"{front.url}/v1/models").status_code == 404
    assert httpx.post(f"{front.url}/v1/files", content=b"x").status_code == 404


def test_what_is_longer_than_envoy_buffers_passes_unread(front):
    long = "word " * 500_000
    reply = front.ask("fine-long", "chat", messages=[{"role": "user", "content": long}])
    assert reply.status_code == 200
    assert front.provider.seen[-1]["messages"][0]["content"] == long
    (exchange,) = front.exchanges("fine-long", 1)
    assert "prompt" not in exchange


def test_an_answer_longer_than_envoy_buffers_passes_unedited(front):
    script, front.provider.script = (
        front.provider.script,
        (Piece("text", "word " * 500_000), Piece("reasoning", "so")),
    )
    try:
        text, _, _ = seen("chat", front.ask("strip", "chat"), stream=False)
    finally:
        front.provider.script = script
    assert text == "word " * 500_000


def test_a_client_that_goes_away_is_recorded(front):
    front.provider.pause = 0.05
    try:
        headers = {"x-account-id": "acc-away"}
        body = request_of("chat", stream=True)
        with httpx.stream("POST", f"{front.url}{PATHS['chat']}", json=body, headers=headers) as reply:
            next(reply.iter_raw())
        (exchange,) = front.exchanges("away", 1)
    finally:
        front.provider.pause = 0.0
    assert exchange["error_type"] == "cancelled"


def test_a_killed_processor_lets_calls_pass_and_guards_again_when_it_is_back(front):
    front.processor.kill()
    assert [
        front.ask("block", route, stream=stream).status_code for route in ROUTES for stream in (False, True)
    ] == [200] * 6
    front.processor.start()
    until = time.monotonic() + 20.0
    while front.ask("block", "chat").status_code != 403 and time.monotonic() < until:
        time.sleep(0.1)
    assert front.ask("block", "chat").status_code == 403
