"""The guardrail class in LiteLLM's real proxy, in front of the small provider, in the three wire formats."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import anthropic
import httpx
import openai
import pytest
import yaml
from accounts import publish_verdicts
from answers import request_of
from asking import CALLS, PATHS, REASONING, SAID, ask, recorded, seen, spooled_lines
from served import served

sys.path.append(str(Path(__file__).parents[1] / "access" / "verification"))
from possession import new_key, proof

from stillwatch.access.verification.api import Bound, publish_bound_keys
from stillwatch.lab.provider_app import ProviderApp
from stillwatch.lab.served import servers
from stillwatch.marks.ids.api import Minter, read

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "guard-litellm.md"
ROUTES = list(PATHS)
MODELS = {"chat": "large-1", "messages": "claude-1", "responses": "large-1"}
KEY = new_key()
CONFIGURATION = """\
spool: spool
policy: policy.yaml
verdicts: verdicts
enforce: true
appeal_url: https://example.org/appeal/{decision_id}
limits: {segment_seconds: 0.2}
bound_keys: {file: bound-keys, base_url: "https://api.example.com"}
minted_ids: {keys: minting-keys.json, originals: originals.sqlite, seal_reasoning: true}
"""


def hashed(name):
    """What LiteLLM makes of the key of an account."""
    return hashlib.sha256(f"sk-acc-{name}".encode()).hexdigest()


class Front:
    """A running proxy and its provider."""

    def __init__(self, folder, proxy, provider):
        self.folder, self.url, self.provider, self.proxy = folder, proxy.url, provider, proxy
        self.spool = folder / "spool"

    def ask(self, account, route, *, stream=False, **more):
        headers = {"authorization": f"Bearer sk-acc-{account}", **more.pop("headers", {})}
        return ask(self.url, route, headers, stream=stream, model=MODELS[route], **more)


@pytest.fixture(scope="module")
def front(tmp_path_factory, litellm_python):
    """The proxy as the page says how to configure it."""
    (block,) = re.findall(r"```yaml\n(guardrails:.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(block.splitlines()) <= 10
    folder = tmp_path_factory.mktemp("litellm")
    publish_verdicts(folder, hashed)
    publish_bound_keys(folder / "bound-keys", {hashed("bound"): Bound(frozenset({KEY.thumbprint()}))})
    (folder / "gateway.yaml").write_text(CONFIGURATION)
    provider = ProviderApp()
    guardrails = yaml.safe_load(block)["guardrails"]
    with served(provider) as url:
        upstream = int(url.rpartition(":")[2])
        with servers.litellm(folder, upstream, litellm_python, guardrails) as proxy:
            yield Front(folder, proxy, provider)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_a_call_passes_unchanged_and_is_recorded_once(route, stream, front):
    account = f"fine-{route}-{stream}"
    more = {"metadata": {"user_id": "end-1"}} if route == "messages" else {"user": "end-1"}
    reply = front.ask(account, route, stream=stream, **more)
    assert seen(route, reply, stream=stream) == (SAID, REASONING, CALLS)
    (exchange,) = recorded(front.spool, hashed(account))
    assert (exchange["prompt"], exchange["http_status"], exchange["end_user_id"]) == ("Hi", 200, "end-1")
    assert (exchange["tokens_out"] > 0, exchange.get("stream", False)) == (True, stream)
    assert "It rains in Bern" in exchange["response"]
    time.sleep(0.3)
    assert len([each for each in spooled_lines(front.spool) if each["account_id"] == hashed(account)]) == 1


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_block(route, stream, front):
    before = len(front.provider.seen)
    reply = front.ask("block", route, stream=stream)
    error = reply.json()["error"]
    ours = error["provider_specific_fields"]["stillwatch"]
    assert (reply.status_code, error["message"]) == (403, "This account is suspended.")
    assert ours["reason"] == "is_block"
    assert ours["appeal"].endswith(ours["decision_id"])
    assert len(front.provider.seen) == before
    taken = {each["decision"]["decision_id"]: each for each in spooled_lines(front.spool, "decisions")}
    assert taken[ours["decision_id"]]["outcome"] == "refused"


def test_throttle(front):
    replies = [front.ask("cap", route) for route in (*ROUTES, *ROUTES)]
    assert [reply.status_code for reply in replies] == [200, 429, 429, 429, 429, 429]
    assert all(int(reply.headers["retry-after"]) > 1_000 for reply in replies[1:])


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_strip(route, stream, front):
    reply = front.ask("strip", route, stream=stream)
    assert seen(route, reply, stream=stream) == (SAID, "", CALLS)
    assert "so I look it up" not in reply.text  # nor in a copy that LiteLLM keeps beside it
    if stream and route == "chat":
        assert reply.text.rstrip().endswith("data: [DONE]")


def test_the_providers_own_clients_read_it(front):
    asked = {"model": "large-1", "messages": [{"role": "user", "content": "Hi"}]}
    with openai.OpenAI(base_url=f"{front.url}/v1", api_key="sk-acc-strip", max_retries=0) as client:
        with client.chat.completions.stream(**asked) as stream:
            assert stream.get_final_completion().choices[0].message.content == SAID
        assert client.responses.create(model="large-1", input="Hi").output_text == SAID
    with (
        openai.OpenAI(base_url=f"{front.url}/v1", api_key="sk-acc-block", max_retries=0) as client,
        pytest.raises(openai.PermissionDeniedError),
    ):
        client.chat.completions.create(**asked)
    with (
        anthropic.Anthropic(base_url=front.url, api_key="sk-acc-strip", max_retries=0) as client,
        client.messages.stream(**asked | {"model": "claude-1"}, max_tokens=9) as stream,
    ):
        assert stream.get_final_message().content[0].type == "thinking"


def test_hold_waits(front):
    begun = time.monotonic()
    assert front.ask("hold", "messages").status_code == 200
    assert 1.0 <= time.monotonic() - begun < 10.0


@pytest.mark.parametrize("route", ROUTES)
def test_tags_reach_the_serving_side_and_a_client_cannot_set_them(route, front):
    assert front.ask("tag", route).status_code == 200
    assert any(name.startswith("x-stillwatch-") for name in front.provider.headers[-1])
    ours = {"x-stillwatch-step": "x"}
    assert front.ask("fine", route, headers=ours, extra_headers=ours).status_code == 200
    assert not any(name.startswith("x-stillwatch-") for name in front.provider.headers[-1])


def test_requests_are_reduced(front):
    assert front.ask("reduce", "chat", n=3, logprobs=True).status_code == 200
    assert (front.provider.seen[-1]["n"], "logprobs" in front.provider.seen[-1]) == (1, False)


@pytest.mark.parametrize("account", ["fine-slow", "strip"])
def test_events_arrive_while_the_model_still_writes(account, front):
    front.provider.pause = 0.02
    try:
        body = request_of("chat", stream=True)
        headers = {"authorization": f"Bearer sk-acc-{account}"}
        with httpx.stream("POST", f"{front.url}{PATHS['chat']}", json=body, headers=headers) as reply:
            arrivals = [time.monotonic() for _ in reply.iter_raw()]
    finally:
        front.provider.pause = 0.0
    assert len(arrivals) > 5
    assert arrivals[-1] - arrivals[0] > 0.1


def test_a_client_that_goes_away_and_a_call_that_fails_are_recorded(front):
    front.provider.pause = 0.1
    try:
        body = request_of("chat", stream=True)
        headers = {"authorization": "Bearer sk-acc-away"}
        with httpx.stream("POST", f"{front.url}{PATHS['chat']}", json=body, headers=headers) as reply:
            next(reply.iter_raw())
        assert len(recorded(front.spool, hashed("away"))) == 1
    finally:
        front.provider.pause = 0.0
    missing = ask(front.url, "chat", {"authorization": "Bearer sk-acc-lost"}, model="no-such-model")
    assert missing.status_code >= 400
    (exchange,) = recorded(front.spool, hashed("lost"))
    assert exchange["http_status"] == missing.status_code
    assert exchange["error_type"]


FAULTY = """\
from pathlib import Path

from stillwatch.gateways import litellm


def failing(where, does):
    def does_or_fails(*given, **named):
        if Path("fails").read_text() == where:
            raise RuntimeError("planned")
        return does(*given, **named)

    return does_or_fails


class Faulty(litellm.StillwatchGuardrail):
    def __init__(self, **more):
        super().__init__(**more)
        self.guard.request_document = failing("guard", self.guard.request_document)
        self._caller = failing("caller", self._caller)
        for name in ("add", "get", "finish"):
            setattr(self.calls, name, failing("calls", getattr(self.calls, name)))
        self.calls.finish = failing("finish", self.calls.finish)
        self.edited = failing("edited", self.edited)


litellm._send_on = failing("send_on", litellm._send_on)
for place in ("document_of", "as_it_was", "without_copies"):
    setattr(litellm.answers, place, failing(place, getattr(litellm.answers, place)))
"""
FAULTS = [
    "guard",
    "caller",
    "calls",
    "finish",
    "edited",
    "document_of",
    "as_it_was",
    "without_copies",
    "send_on",
]


def test_no_call_fails_whatever_fails_in_any_hook(tmp_path, litellm_python):
    publish_verdicts(tmp_path)
    (tmp_path / "gateway.yaml").write_text(CONFIGURATION)
    (tmp_path / "faulty.py").write_text(FAULTY)
    (tmp_path / "fails").write_text("nothing")
    guardrail = servers.guardrail("gateway.yaml")
    guardrail["litellm_params"]["guardrail"] = "faulty.Faulty"
    with served(ProviderApp()) as url:
        upstream = int(url.rpartition(":")[2])
        with servers.litellm(tmp_path, upstream, litellm_python, [guardrail]) as proxy:
            for fault in FAULTS:
                (tmp_path / "fails").write_text(fault)
                for route in ROUTES:
                    for stream in (False, True):
                        headers = {"authorization": "Bearer sk-acc-strip"}
                        reply = ask(proxy.url, route, headers, stream=stream, model=MODELS[route])
                        text, _, calls = seen(route, reply, stream=stream)
                        assert (text, calls) == (SAID, CALLS), (fault, route, stream)
                    blocked = {"authorization": "Bearer sk-acc-block"}
                    status = ask(proxy.url, route, blocked, model=MODELS[route]).status_code
                    assert status == (200 if fault in {"guard", "caller", "calls"} else 403), fault
    assert "failed: RuntimeError" in proxy.log.read_text()


ACCOUNTS = """\
import json, sys
from pathlib import Path
from types import SimpleNamespace
from stillwatch.gateways.litellm import StillwatchGuardrail

user = SimpleNamespace(api_key="not-hashed", user_id="u-1", team_id="t-1", org_id=None, end_user_id="e-1")
data = {"proxy_server_request": {"headers": {"X-Forwarded-For": "6.6.6.6, 203.0.113.7", "User-Agent": "a/1"}}}
found = {}
for account in ("key", "user", "team", "org"):
    made = StillwatchGuardrail(settings=sys.argv[1], account=account)
    passage = made.decided(user, data, "chat")
    found[account] = [passage.caller.account_id, passage.caller.end_user_id, passage.caller.client_ip]
print(json.dumps(found))
"""


def said(python, script, folder):
    """What a script prints that runs where LiteLLM is installed."""
    done = subprocess.run(
        [python, "-c", script, folder / "gateway.yaml"],
        env={"PYTHONPATH": servers.SOURCES, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


def test_the_account_is_what_was_chosen_and_no_key_is_kept(tmp_path, litellm_python):
    (tmp_path / "gateway.yaml").write_text("spool: spool\ntrusted_hops: 1\n")
    found = said(litellm_python, ACCOUNTS, tmp_path)
    assert {name: account for name, (account, _, _) in found.items() if name in {"user", "team"}} == {
        "user": "u-1",
        "team": "t-1",
    }
    assert found["org"] == found["key"]
    assert re.fullmatch("[0-9a-f]{32}", found["key"][0])
    assert {(end_user, address) for _, end_user, address in found.values()} == {("e-1", "203.0.113.7")}


TWICE = """\
import asyncio, json, sys
from pathlib import Path
from types import SimpleNamespace
from stillwatch.gateways.litellm import StillwatchGuardrail
from stillwatch.gateways.opening import open_gateway
from stillwatch.gateways.settings import load
from stillwatch.records import Decision

def decide(call):
    return Decision(decision_id="d", ts=call.ts, account_id="u-1", step="tag", reason="r", campaign_id="c")

made = StillwatchGuardrail(gateway=open_gateway(load(Path(sys.argv[1])), decide=decide), account="user")
user = SimpleNamespace(api_key="k", user_id="u-1", team_id=None, org_id=None, end_user_id=None)
answer = {"content": [{"type": "text", "text": "Rain"}], "usage": {"input_tokens": 1, "output_tokens": 1}}

async def run():
    data = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "litellm_metadata": {}}
    for _ in range(2):
        await made.async_pre_call_hook(user, None, data, "anthropic_messages")
    for _ in range(2):
        await made.async_post_call_success_hook(data, user, dict(answer))
    forged = {"model": "m", "metadata": {"stillwatch_call": "0" * 16}}
    await made.async_pre_call_hook(user, None, forged, "acompletion")
    await made.async_post_call_failure_hook(forged, ValueError("x"), user)

asyncio.run(run())
made.guard.close()
spool = Path(sys.argv[1]).parent / "spool"
print(json.dumps([sum(len(f.read_text().splitlines()) for f in spool.glob(f"{k}-*")) for k in ("decisions", "exchanges")]))
"""


def test_hooks_that_run_twice_and_marks_of_clients_count_once(tmp_path, litellm_python):
    (tmp_path / "gateway.yaml").write_text("spool: spool\nenforce: true\n")
    assert said(litellm_python, TWICE, tmp_path) == [2, 2]


def test_calls_whose_answers_no_hook_sees_are_recorded(tmp_path, litellm_python):
    publish_verdicts(tmp_path)
    (tmp_path / "gateway.yaml").write_text(CONFIGURATION)
    guardrail = servers.guardrail("gateway.yaml")
    guardrail["litellm_params"]["mode"] = ["pre_call"]
    with served(ProviderApp()) as url:
        upstream = int(url.rpartition(":")[2])
        with servers.litellm(tmp_path, upstream, litellm_python, [guardrail]) as proxy:
            for route in ROUTES:
                for stream in (False, True):
                    headers = {"authorization": "Bearer sk-acc-unseen"}
                    assert (
                        ask(proxy.url, route, headers, stream=stream, model=MODELS[route]).status_code == 200
                    )
            found = recorded(tmp_path / "spool", "acc-unseen", 6)
    assert [each["http_status"] for each in found] == [200] * 6


@pytest.mark.parametrize("route", ROUTES)
def test_a_bound_key_must_be_shown(route, front):
    """The API key may come by any header that LiteLLM reads it from; the proof is for that key and this address."""
    now = time.time_ns() // 1000
    url = f"https://api.example.com{PATHS[route]}"

    def tried(headers=(), **made):
        signed = {} if not made else {"dpop": proof(made.pop("key", KEY), now=now, url=url, **made)}
        return front.ask("bound", route, headers=signed | dict(headers))

    resold = tried()
    assert resold.status_code == 401
    assert resold.headers["www-authenticate"].startswith("DPoP ")
    assert front.ask("fine", route).status_code == 200  # has bound none
    once = {"dpop": proof(KEY, now=now, url=url, token="sk-acc-bound")}
    assert [front.ask("bound", route, headers=once).status_code for _ in range(2)] == [200, 401]
    assert tried(token="sk-acc-bound", key=new_key()).status_code == 401
    assert tried(token="sk-acc-other").status_code == 401
    own = {"x-litellm-api-key": "sk-acc-bound", "authorization": "Bearer sk-acc-fine"}
    assert tried(own, token="sk-acc-bound").status_code == 200
    assert tried(own).status_code == 401
    forged = {"secret_fields": {"raw_headers": once}, "proxy_server_request": {"headers": once}}
    assert front.ask("bound", route, **forged).status_code in {400, 401}


def test_certificates_that_it_cannot_believe_are_refused_at_the_start(tmp_path, litellm_python):
    bound = (
        '{file: k, base_url: "https://a", certificate_header: client-cert, certificate_from: [10.0.0.0/8]}'
    )
    stated = [line for line in CONFIGURATION.splitlines() if not line.startswith("bound_keys")]
    (tmp_path / "gateway.yaml").write_text("\n".join([*stated, f"bound_keys: {bound}"]))
    script = "import sys; from stillwatch.gateways.litellm import StillwatchGuardrail as G; G(settings=sys.argv[1])"
    environment = {**os.environ, "PYTHONPATH": servers.SOURCES}
    done = subprocess.run(
        [litellm_python, "-c", script, tmp_path / "gateway.yaml"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert "certificate_header cannot be believed by the class inside LiteLLM" in done.stderr


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_ids_of_tool_calls_are_minted_and_say_whose_they_are(route, stream, front):
    reply = front.ask("minted", route, stream=stream)
    minter = Minter(read(front.folder / "minting-keys.json"))
    found = set(re.findall(r"(?:call|toolu)_[A-Za-z0-9_-]{34}\b", reply.text))
    assert len(found) == len(CALLS)
    assert {(minter.verify(each).outcome, minter.verify(each).account) for each in found} == {
        ("valid", minter.account(hashed("minted")))
    }


def test_sealed_reasoning_is_opened_for_its_team(front):
    reply = front.ask("sealed", "messages")
    (thinking,) = [block for block in reply.json()["content"] if block["type"] == "thinking"]
    assert thinking["signature"].startswith("sw1_")
    turns = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [thinking, {"type": "text", "text": "x"}]},
        {"role": "user", "content": "On"},
    ]
    assert front.ask("sealed", "messages", messages=turns).status_code == 200
    sent = json.dumps(front.provider.seen[-1])
    assert "sw1_" not in sent
    assert '"signature": "sig0"' in sent
    assert front.ask("colleague", "messages", messages=turns).status_code == 200  # of the same team
    assert "sw1_" not in json.dumps(front.provider.seen[-1])
