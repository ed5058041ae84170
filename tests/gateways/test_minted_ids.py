"""A gateway that mints ids: what customers get, what the serving side gets back, and what is handed on about it."""

import json
import sqlite3
from typing import NamedTuple

import anthropic
import httpx
import openai
import pytest
from answers import TOOLS, request_of, seen_streamed, seen_whole
from asking import events
from deciding import deciding
from served import served
from test_asgi import PATH_OF, post
from test_envoy_call import answered, asked, body, processed

from stillwatch.gateways.asgi import StillwatchMiddleware
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.envoy import EnvoyProcessor
from stillwatch.gateways.guardrail_api import guardrail_app
from stillwatch.gateways.opening import Gateway
from stillwatch.gateways.originals import Originals
from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider_app import ProviderApp, answer
from stillwatch.marks.ids.api import FORMS, Minter, hexadecimal, read
from stillwatch.records import InvalidConfiguration

SCRIPT = [
    Piece("reasoning", "Think."),
    Piece("call", '{"city": "Bern"}'),
    Piece("call", "{}"),
    Piece("text", "Cold."),
]
ALL = {"keys": "keys.json", "seal_reasoning": True, "originals": "originals.sqlite"}
FACTS = {"account_header": "x-account-id", "facts": {"org_id": "x-org"}}
ROUTES = ["chat", "messages", "responses"]


class Made(NamedTuple):
    app: StillwatchMiddleware
    provider: ProviderApp
    minter: Minter
    gateway: Gateway


@pytest.fixture
def minting(opened, tmp_path):
    """A middleware that mints, its provider, and a minter of the same keys."""

    def make(script=SCRIPT, step="observe", **stated):
        provider = ProviderApp(script)
        given = FACTS | {"minted_ids": ALL | stated.pop("minted_ids", {})} | stated
        gateway = opened(deciding(step), **given)
        app = StillwatchMiddleware(provider, gateway=gateway)
        return Made(app, provider, Minter(read(tmp_path / "keys.json")), gateway)

    return make


def ids_in(document):
    """All strings of a document that have one of our prefixes."""
    if isinstance(document, dict):
        return [found for value in document.values() for found in ids_in(value)]
    if isinstance(document, list):
        return [found for value in document for found in ids_in(value)]
    return [document] if isinstance(document, str) and document.startswith(tuple(FORMS)) else []


def names(account="acc-a", org="org-a", **more):
    return {"x-account-id": account, "x-org": org, **more}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_every_id_is_minted_for_the_caller_and_the_answer_says_the_same(route, stream, minting):
    app, _, minter, _ = minting()
    request = request_of(route, tools=TOOLS) | ({"stream": True} if stream else {})
    reply = post(app, PATH_OF[route], request, **names())
    told = events(reply) if stream else reply.json()
    found = ids_in(told)
    assert {minter.verify(each).outcome for each in found} == {"valid"}
    assert {minter.verify(each).account for each in found} == {minter.account("acc-a")}
    kinds = {each.partition("_")[0].partition("-")[0] for each in found}
    assert (
        kinds
        == {
            "chat": {"chatcmpl", "call"},
            "messages": {"msg", "toolu"},
            "responses": {"resp", "rs", "fc", "call", "msg"},
        }[route]
    )
    original = answer(route, SCRIPT, request)
    assert len(set(found)) == len(set(ids_in(original)))
    said = seen_streamed(route, told) if stream else seen_whole(route, told)
    assert said == seen_whole(route, original)


def test_a_history_of_minted_ids_goes_on_as_it_came_and_facts_are_handed_on(minting, spooled):
    app, provider, minter, gateway = minting()
    call = post(app, PATH_OF["chat"], request_of("chat"), **names()).json()["choices"][0]["message"]
    turns = [{"role": "user", "content": "Hi"}, call]
    turns += [{"role": "tool", "tool_call_id": each["id"], "content": "cold"} for each in call["tool_calls"]]
    history = request_of("chat", messages=turns)
    for account, org in (("acc-a", "org-a"), ("acc-b", "org-a"), ("acc-c", "org-c")):
        assert post(app, PATH_OF["chat"], history, **names(account, org)).status_code == 200
        assert provider.seen[-1] == history
    gateway.guard.close()
    exchanges = spooled("exchanges")[1:]
    assert [each["account_handle"] for each in exchanges] == [
        hexadecimal(minter.account(name)) for name in ("acc-a", "acc-b", "acc-c")
    ]
    assert [each.get("continued_handle") for each in exchanges] == [
        None,
        None,
        hexadecimal(minter.account("acc-a")),
    ]
    assert exchanges[2]["continued_id"] in exchanges[2]["replayed_ids"]
    assert gateway.guard.metrics()["ids_of_another_account"] == 1


def test_organisations_that_share_conversations_are_no_others(minting, spooled):
    app, _, minter, gateway = minting(minted_ids={"organisations": [["org-a", "org-c"]]})
    turn = {"role": "tool", "tool_call_id": minter.mint("call_", "acc-a", "org-a"), "content": ""}
    post(app, PATH_OF["chat"], request_of("chat", messages=[turn]), **names("acc-c", "org-c"))
    gateway.guard.close()
    assert "continued_handle" not in spooled("exchanges")[0]


@pytest.mark.parametrize("stream", [False, True])
def test_openai_responses_gets_its_own_ids_back(stream, minting):
    app, provider, _, _ = minting()
    request = request_of("responses") | ({"stream": True} if stream else {})
    reply = post(app, PATH_OF["responses"], request, **names())
    told = events(reply)[-1]["response"] if stream else reply.json()
    given = [
        *told["output"],
        {"type": "function_call_output", "call_id": told["output"][1]["call_id"], "output": "x"},
    ]
    more = request_of("responses", input=given, previous_response_id=told["id"])
    assert post(app, PATH_OF["responses"], more, **names()).status_code == 200
    original = answer("responses", SCRIPT, request)
    assert provider.seen[-1]["previous_response_id"] == "resp_1"
    assert provider.seen[-1]["input"][:-1] == original["output"]
    assert provider.seen[-1]["input"][-1]["call_id"] == original["output"][1]["call_id"]


def test_requests_about_a_response_name_it_as_the_server_does(minting):
    told = []

    async def server(scope, receive, send):
        told.append((scope["path"], scope["raw_path"]))
        await ProviderApp(SCRIPT)(scope, receive, send)

    app, _, _, gateway = minting()
    minted = post(app, PATH_OF["responses"], request_of("responses"), **names()).json()["id"]
    app = StillwatchMiddleware(server, gateway=gateway)
    post(app, f"/v1/responses/{minted}/cancel", {})
    post(app, "/v1/responses/resp_other/cancel", {})
    assert told == [
        ("/v1/responses/resp_1/cancel", b"/v1/responses/resp_1/cancel"),
        ("/v1/responses/resp_other/cancel", b"/v1/responses/resp_other/cancel"),
    ]


def test_without_a_file_of_originals_responses_keep_their_ids(minting):
    app, _, _, _ = minting(minted_ids={"originals": None})
    request = request_of("responses")
    assert post(app, PATH_OF["responses"], request, **names()).json() == answer("responses", SCRIPT, request)


def test_originals_that_cannot_be_written_leave_the_server_s_ids(minting, monkeypatch):
    app, _, _, gateway = minting(minted_ids={"seal_reasoning": False})

    def full(*_):
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr(Originals, "keep", full)
    request = request_of("responses")
    for more in ({}, {"stream": True}):
        reply = post(app, PATH_OF["responses"], request | more, **names())
        told = events(reply)[-1]["response"] if more else reply.json()
        assert told == answer("responses", SCRIPT, request)
    assert gateway.guard.metrics()["error_originals"] >= 2


@pytest.mark.parametrize(("route", "field"), [("messages", "signature"), ("responses", "encrypted_content")])
@pytest.mark.parametrize("stream", [False, True])
def test_sealed_reasoning_is_opened_for_its_organisation_alone(route, field, stream, minting, spooled):
    app, provider, _, gateway = minting(enforce=True)
    request = request_of(route) | ({"stream": True} if stream else {})
    block = _reasoning(route, post(app, PATH_OF[route], request, **names()), stream=stream)
    original = _reasoning(route, httpx.Response(200, json=answer(route, SCRIPT, request)), stream=False)
    assert block[field].startswith("sw1_")
    assert original[field] not in block[field]
    history = _with(route, block)
    assert post(app, PATH_OF[route], history, **names("acc-b")).status_code == 200
    assert _sent(route, provider.seen[-1])[field] == original[field]
    refused = post(app, PATH_OF[route], history, **names("acc-c", "org-c"))
    assert refused.status_code == 403
    assert refused.json()["error"]["stillwatch"]["reason"] == "reasoning_of_another_organisation"
    assert len(provider.seen) == 2
    gateway.guard.close()
    assert spooled("exchanges")[-1]["error_type"] == "stillwatch_reasoning_not_theirs"


def test_where_nothing_is_enforced_reasoning_of_others_goes_on_opened(minting):
    app, provider, _, gateway = minting(enforce=False)
    block = _reasoning(
        "messages", post(app, PATH_OF["messages"], request_of("messages"), **names()), stream=False
    )
    reply = post(app, PATH_OF["messages"], _with("messages", block), **names("x", "y"))
    assert reply.status_code == 200
    assert _sent("messages", provider.seen[-1])["signature"] == "sig0"
    assert gateway.guard.metrics()["reasoning_other_organisation"] == 1


def test_minting_that_is_taken_back_still_reads(minting):
    app, _, minter, gateway = minting(minted_ids={"mint": False})
    request = request_of("messages")
    reply = post(app, PATH_OF["messages"], request, **names())
    assert reply.json() == answer("messages", SCRIPT, request)
    turn = {"role": "tool", "tool_call_id": minter.mint("call_", "acc-b", "org-b"), "content": ""}
    post(app, PATH_OF["chat"], request_of("chat", messages=[turn]), **names())
    assert gateway.guard.metrics()["ids_valid"] == 1


def test_minting_follows_a_step_that_edits_the_answer(minting):
    app, _, minter, _ = minting(step="strip_reasoning")
    for more in ({}, {"stream": True}):
        reply = post(app, PATH_OF["messages"], request_of("messages") | more, **names())
        told = events(reply) if more else reply.json()
        text, reasoning, _ = seen_streamed("messages", told) if more else seen_whole("messages", told)
        assert (text, reasoning) == ("Cold.", "")
        assert {minter.verify(each).outcome for each in ids_in(told)} == {"valid"}


def test_ids_that_carry_more_than_a_name_stay(minting):
    gateway = minting().gateway
    signed = "call_0__thought__" + "x" * 80
    passage = gateway.guard.request_document(Caller(account_id="acc-a"), "chat", request_of("chat"))
    message = {"choices": [{"message": {"tool_calls": [{"id": signed}]}}]}
    assert passage.answer_document(message) == message
    assert gateway.guard.metrics()["ids_kept"] == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"messages": [{"role": "tool", "tool_call_id": "call_" + "A" * 34}]},
        {
            "messages": [
                {"role": "tool", "tool_call_id": "x" * 100_000},
                {"role": "tool", "tool_call_id": "é"},
            ]
        },
        {"messages": "no list"},
        {"messages": [{"role": "assistant", "tool_calls": [None, {"id": 7}, {"id": None}, "x"]}]},
        {"messages": [{"role": "tool", "tool_call_id": f"call_{n}"} for n in range(5_000)]},
    ],
)
def test_odd_histories_go_on(sent, minting):
    app, provider, _, gateway = minting()
    assert post(app, PATH_OF["chat"], sent, **names()).status_code == 200
    assert provider.seen[-1] == sent
    assert not [name for name in gateway.guard.metrics() if name.startswith("error_")]


@pytest.mark.parametrize("broken", ["read", "answer", "stream"])
def test_an_error_of_ours_lets_the_call_go_on(broken, minting, monkeypatch):
    app, _, _, gateway = minting()

    def fails(*_):
        raise RuntimeError

    monkeypatch.setattr(gateway.guard.ids, broken, fails)
    for more in ({}, {"stream": True}):
        assert post(app, PATH_OF["chat"], request_of("chat") | more, **names()).status_code == 200
    assert [name for name in gateway.guard.metrics() if name.startswith("error_")]


def test_the_providers_own_clients_read_minted_answers(minting):
    app, provider, minter, _ = minting([Piece("reasoning", "Think."), Piece("call", '{"city": "Bern"}')])

    headers = names()
    with served(app) as url:
        theirs = anthropic.Anthropic(api_key="k", base_url=url, default_headers=headers)
        turns = [{"role": "user", "content": "Hi"}]
        with theirs.messages.stream(model="m", max_tokens=9, messages=turns) as stream:
            message = stream.get_final_message()
        turns = [{"role": "assistant", "content": [block.model_dump() for block in message.content]}]
        theirs.messages.create(model="m", max_tokens=9, messages=turns)
        ours = openai.OpenAI(api_key="k", base_url=f"{url}/v1", default_headers=headers)
        reply = ours.responses.create(model="m", input="Hi")
        ours.responses.create(model="m", input="On", previous_response_id=reply.id)
    assert minter.verify(message.id).outcome == minter.verify(reply.id).outcome == "valid"
    assert provider.seen[1]["messages"][0]["content"][0]["signature"] == "sig0"
    assert provider.seen[3]["previous_response_id"] == "resp_1"


def test_envoy_mints_and_puts_back(opened, tmp_path):
    processor = EnvoyProcessor(opened(deciding("observe"), **FACTS, minted_ids=ALL))
    whole = json.dumps(answer("responses", SCRIPT, {})).encode()
    path = {"__path": "/v1/responses"}
    parts = [asked(**path), body("request_body"), answered(), body("response_body", whole)]
    told = json.loads(processed(processor, *parts)[-1].response_body.response.body_mutation.body)
    minter = Minter(read(tmp_path / "keys.json"))
    assert {minter.verify(each).outcome for each in ids_in(told)} == {"valid"}
    sent = json.dumps({"model": "m", "previous_response_id": told["id"], "input": "On"}).encode()
    reply = processed(processor, asked(**path), body("request_body", sent))[-1]
    assert json.loads(reply.request_body.response.body_mutation.body)["previous_response_id"] == "resp_1"
    about = processed(processor, asked(__method="GET", __path=f"/v1/responses/{told['id']}?x=1"))[0]
    (changed,) = about.request_headers.response.header_mutation.set_headers
    assert (changed.header.key, changed.header.raw_value or changed.header.value.encode()) == (
        ":path",
        b"/v1/responses/resp_1?x=1",
    )


def test_a_gateway_that_cannot_mint_says_so(opened):
    with pytest.raises(InvalidConfiguration, match="minted_ids"):
        guardrail_app(opened(deciding("observe"), minted_ids=ALL))


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ({"key": "x"}, "unknown key 'key'"),
        ({"keys": "k", "max_age_days": 0}, "greater than 0"),
        ({"keys": "k", "kept_originals": -1}, "greater than 0"),
        ({}, "keys"),
    ],
)
def test_settings_that_do_not_hold(stated, why, opened):
    with pytest.raises(InvalidConfiguration, match=why):
        opened(deciding("observe"), minted_ids=stated)


def _reasoning(route, reply, *, stream):
    if route == "responses":
        whole = events(reply)[-1]["response"] if stream else reply.json()
        return whole["output"][0]
    if not stream:
        return reply.json()["content"][0]
    deltas = [event["delta"] for event in events(reply) if event["type"] == "content_block_delta"]
    (signed,) = [delta["signature"] for delta in deltas if delta["type"] == "signature_delta"]
    return {"type": "thinking", "thinking": "Think.", "signature": signed}


def _with(route, block):
    if route == "responses":
        return request_of(route, input=[block])
    return request_of(route, messages=[{"role": "assistant", "content": [block]}])


def _sent(route, request):
    return request["input"][0] if route == "responses" else request["messages"][0]["content"][0]
