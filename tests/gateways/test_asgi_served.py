"""The middleware in a real server, spoken to by the providers' own clients."""

import json
import time

import anthropic
import httpx
import openai
import pytest
from answers import request_of
from deciding import deciding
from served import served
from starlette.applications import Starlette
from starlette.testclient import TestClient

from stillwatch.gateways.asgi import StillwatchMiddleware
from stillwatch.lab.provider.script import SCRIPT
from stillwatch.lab.provider_app import ProviderApp

SAID = "It rains in Bern — take a coat. ☂"
FUNCTION = {"name": "weather", "parameters": {"type": "object", "properties": {}}}
CHAT = {"model": "large-1", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def address(opened):
    def serve(step, provider=None, **stated):
        app = StillwatchMiddleware(provider or ProviderApp(), gateway=opened(deciding(step, **stated)))
        return served(app)

    return serve


def test_openai_chat_reads_what_was_stripped(address):
    with address("strip_reasoning") as url, openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client:
        tools = [{"type": "function", "function": FUNCTION}]
        whole = client.chat.completions.create(**CHAT, tools=tools).choices[0].message
        assert (whole.content, whole.tool_calls[0].function.arguments) == (None, SCRIPT[2].text)
        with client.chat.completions.stream(**CHAT, tools=tools) as stream:
            final = stream.get_final_completion().choices[0]
        assert not final.message.content
        assert final.message.tool_calls[0].function.arguments == SCRIPT[2].text
        assert final.finish_reason == "tool_calls"
        plain = client.chat.completions.create(**CHAT, stream=True)
        deltas = [choice.delta for chunk in plain for choice in chunk.choices]
        assert "".join(delta.content or "" for delta in deltas) == SCRIPT[1].text + SAID
        assert not any(getattr(delta, "reasoning_content", None) for delta in deltas)


def test_openai_responses_reads_what_was_stripped(address):
    with address("strip_reasoning") as url, openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client:
        tools = [{"type": "function", "strict": False, **FUNCTION}]
        whole = client.responses.create(model="large-1", input="Hi", tools=tools)
        assert whole.output_text == SAID
        assert whole.output[0].summary == []
        with client.responses.stream(model="large-1", input="Hi", tools=tools) as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_response()
        assert final.output_text == SAID
        assert [item.type for item in final.output] == ["reasoning", "message", "function_call", "message"]
        assert not any("reasoning" in kind for kind in kinds)


def test_anthropic_messages_reads_what_was_stripped(address):
    asked = {"model": "large-1", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]}
    tools = [{"name": "weather", "input_schema": {"type": "object"}}]
    with address("strip_reasoning") as url, anthropic.Anthropic(base_url=url, api_key="k") as client:
        whole = client.messages.create(**asked, tools=tools)
        with client.messages.stream(**asked, tools=tools) as stream:
            final = stream.get_final_message()
        for message in (whole, final):
            assert [block.type for block in message.content] == ["thinking", "tool_use", "text"]
            assert (message.content[0].thinking, message.content[0].signature) == ("", "sig0")
            assert message.content[2].text == SAID
            assert message.stop_reason == "tool_use"
        assert final.usage.output_tokens == whole.usage.output_tokens


def test_a_summary_reaches_the_clients(opened):
    gateway = opened(deciding("strip_reasoning"), summarise=lambda text: f"{len(text)} characters")
    expected = f"{len(SCRIPT[0].text)} characters"
    with served(StillwatchMiddleware(ProviderApp(), gateway=gateway)) as url:
        asked = {"model": "large-1", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]}
        with (
            anthropic.Anthropic(base_url=url, api_key="k") as client,
            client.messages.stream(**asked) as stream,
        ):
            assert stream.get_final_message().content[0].thinking == expected
        with (
            openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client,
            client.responses.stream(model="large-1", input="Hi") as stream,
        ):
            assert stream.get_final_response().output[0].summary[0].text == expected


@pytest.mark.parametrize(("step", "status"), [("block", 403), ("step_up", 403)])
def test_clients_raise_their_own_errors_with_our_code(step, status, address):
    with address(step) as url:
        with openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0) as client:
            with pytest.raises(openai.PermissionDeniedError) as refused:
                client.chat.completions.create(**CHAT)
            assert refused.value.code == "campaign_member"
            assert refused.value.body["stillwatch"]["decision_id"] == "dec-1"
        with anthropic.Anthropic(base_url=url, api_key="k", max_retries=0) as client:
            with pytest.raises(anthropic.PermissionDeniedError) as told:
                client.messages.create(**request_of("messages"))
            assert told.value.body["error"]["stillwatch"]["reason"] == "campaign_member"
            assert told.value.status_code == status


def test_clients_take_a_rate_for_a_rate(address):
    with address("cap_rate", settings={"per_minute": 0.01}) as url:
        with openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0) as client:
            client.chat.completions.create(**CHAT)
            with pytest.raises(openai.RateLimitError) as refused:
                client.chat.completions.create(**CHAT)
        assert int(refused.value.response.headers["retry-after"]) > 5000


@pytest.mark.parametrize("step", ["observe", "strip_reasoning"])
def test_events_arrive_while_the_model_still_writes(step, address):
    with address(step, ProviderApp(pause=0.02)) as url:
        body = request_of("chat", stream=True)
        with httpx.stream(
            "POST", f"{url}/v1/chat/completions", json=body, headers={"x-api-key": "k"}
        ) as reply:
            arrivals = [time.monotonic() for _ in reply.iter_raw()]
    assert len(arrivals) > 5
    assert arrivals[-1] - arrivals[0] > 0.1


def test_a_client_that_goes_away_is_recorded(opened, spooled):
    gateway = opened(deciding("observe"))
    provider = ProviderApp(pause=0.05)
    with served(StillwatchMiddleware(provider, gateway=gateway)) as url:
        body = request_of("chat", stream=True)
        with httpx.stream(
            "POST", f"{url}/v1/chat/completions", json=body, headers={"x-api-key": "k"}
        ) as reply:
            next(reply.iter_raw())
    gateway.guard.close()
    (exchange,) = spooled("exchanges")
    assert exchange["prompt"] == "Hi"


def test_websockets_and_lifespan_pass(opened):
    app = Starlette()
    app.mount("/", ProviderApp())
    app.add_middleware(StillwatchMiddleware, gateway=opened(deciding("block")))
    with TestClient(app) as client, client.websocket_connect("/v1/realtime") as socket:
        assert socket.receive_text() == "hello"


def test_the_shutdown_hands_on_what_is_queued(opened, spooled):
    app = StillwatchMiddleware(ProviderApp(), gateway=opened(deciding("observe")))
    with TestClient(app) as client:
        client.post("/v1/chat/completions", content=json.dumps(CHAT), headers={"x-api-key": "k"})
    assert len(spooled("exchanges")) == 1
