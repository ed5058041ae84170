import asyncio
import gzip
import json

import httpx
import pytest
from answers import TOOLS, request_of, seen_streamed, seen_whole
from deciding import deciding

from stillwatch.gateways.asgi import ENVIRONMENT, StillwatchMiddleware
from stillwatch.lab.provider.script import SCRIPT
from stillwatch.lab.provider_app import PATHS, ProviderApp, answer
from stillwatch.marks.serving.entrance import VllmEntrance
from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.ticket import cohort_in, mint
from stillwatch.marks.watermark import MarkKeys, Scheme
from stillwatch.records import InvalidConfiguration

PATH_OF = {route: path for path, route in PATHS.items()}


def post(app, path, body, **headers):
    """One request, in the process."""

    async def run():
        transport = httpx.ASGITransport(app)
        given = {"authorization": "Bearer sk-1", "content-type": "application/json", **headers}
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            return await client.post(path, content=content, headers=given)

    return asyncio.run(run())


@pytest.mark.parametrize("route", PATH_OF)
def test_a_call_that_is_observed_passes_as_it_came(route, opened, spooled):
    provider = ProviderApp()
    gateway = opened(deciding("observe"))
    app = StillwatchMiddleware(provider, gateway=gateway)
    reply = post(app, PATH_OF[route], request_of(route))
    assert reply.json() == answer(route, SCRIPT, request_of(route))
    assert provider.seen == [request_of(route)]
    gateway.guard.close()
    (exchange,) = spooled("exchanges")
    assert (exchange["http_status"], exchange["client_ip"]) == (200, "127.0.0.1")
    assert "sk-1" not in json.dumps(exchange)


def test_a_body_is_changed_with_its_length_and_headers_for_the_serving_side_are_ours(opened):
    provider = ProviderApp()
    app = StillwatchMiddleware(provider, gateway=opened(deciding("reduce_surface")))
    body = request_of("chat", n=4, logprobs=True)
    reply = post(app, PATH_OF["chat"], body, **{"x-stillwatch-tag": "forged", "accept-encoding": "gzip"})
    assert reply.status_code == 200
    assert provider.seen == [request_of("chat", n=1)]
    (headers,) = provider.headers
    assert headers["x-stillwatch-tag"] == "suspected"
    assert int(headers["content-length"]) == len(json.dumps(request_of("chat", n=1), separators=(",", ":")))
    assert "accept-encoding" not in headers
    assert not [name for name in reply.headers if name.startswith("x-stillwatch")]


def test_a_client_cannot_write_our_headers(opened):
    provider = ProviderApp()
    app = StillwatchMiddleware(provider, gateway=opened(deciding("observe")))
    post(app, PATH_OF["chat"], request_of("chat"), **{"x-stillwatch-mark": "forged"})
    assert "x-stillwatch-mark" not in provider.headers[0]


def test_a_client_cannot_write_them_where_nothing_is_read_either(opened):
    seen = []

    async def server(scope, _receive, send):
        seen.extend(scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = StillwatchMiddleware(server, gateway=opened(deciding("observe")))
    assert post(app, "/generate", {}, **{"x-stillwatch-mark": "forged", "x-other": "kept"}).status_code == 200
    names = [name for name, _ in seen]
    assert b"x-other" in names
    assert b"x-stillwatch-mark" not in names


def test_the_cohort_of_a_marked_call_reaches_the_process_that_draws_as_a_ticket(opened):
    keys = MarkKeys(bytes(32))
    provider = ProviderApp()
    entrance = VllmEntrance(provider, Serving(keys, Scheme()))
    app = StillwatchMiddleware(entrance, gateway=opened(deciding("mark")))
    forged = {"stillwatch_mark": mint(keys, "another's"), "own": 1}
    post(app, PATH_OF["chat"], request_of("chat", vllm_xargs=forged), **{"x-stillwatch-mark": "another's"})
    said = provider.seen[0]["vllm_xargs"]
    cohort = cohort_in(keys, said.pop("stillwatch_mark"))
    assert cohort not in {None, "another's"}
    assert said == {"own": 1}
    assert "x-stillwatch-mark" not in provider.headers[0]


@pytest.mark.parametrize("query", ["", "?alt=sse"])
def test_a_stream_of_gemini_is_edited_as_events_and_as_a_list(query, opened, spooled):
    gateway = opened(deciding("strip_reasoning"))
    app = StillwatchMiddleware(ProviderApp(), gateway=gateway)
    path = PATH_OF["gemini"].replace(":generateContent", ":streamGenerateContent")
    reply = post(app, path + query, request_of("gemini", tools=TOOLS))
    if query:
        lines = [line[6:] for line in reply.text.splitlines() if line.startswith("data: {")]
        chunks = [json.loads(line) for line in lines]
    else:
        chunks = reply.json()
    assert seen_streamed("gemini", chunks)[:2] == ("It rains in Bern — take a coat. ☂", "")
    gateway.guard.close()
    (exchange,) = spooled("exchanges")
    assert (exchange["model"], exchange["n_tool_calls"]) == ("large-1", 1)
    assert "take a coat" in exchange["response"]


@pytest.mark.parametrize("route", PATH_OF)
def test_an_answer_is_edited_whole(route, opened):
    app = StillwatchMiddleware(ProviderApp(), gateway=opened(deciding("strip_reasoning")))
    reply = post(app, PATH_OF[route], request_of(route, tools=TOOLS))
    assert seen_whole(route, reply.json())[1] == ""
    assert int(reply.headers["content-length"]) == len(reply.content)


def test_a_refused_call_never_reaches_the_model(opened, spooled):
    provider = ProviderApp()
    gateway = opened(
        deciding("block", message="Write to us.", appeal=True), appeal_url="https://example.org/{decision_id}"
    )
    reply = post(StillwatchMiddleware(provider, gateway=gateway), PATH_OF["messages"], request_of("messages"))
    assert (reply.status_code, provider.seen) == (403, [])
    assert reply.json()["error"]["stillwatch"]["appeal"] == "https://example.org/dec-1"
    gateway.guard.close()
    (exchange,) = spooled("exchanges")
    assert (exchange["http_status"], exchange["error_type"]) == (403, "stillwatch_block")


def test_held_calls_wait_together_and_no_more_than_allowed(opened):
    gateway = opened(deciding("hold", settings={"seconds": 0.2}), limits={"held": 2})
    app = StillwatchMiddleware(ProviderApp(), gateway=gateway)

    async def run():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test", headers={"x-api-key": "k"}
        ) as client:
            begun = asyncio.get_running_loop().time()
            sent = [client.post(PATH_OF["chat"], json=request_of("chat")) for _ in range(5)]
            assert {reply.status_code for reply in await asyncio.gather(*sent)} == {200}
            return asyncio.get_running_loop().time() - begun

    assert 0.2 <= asyncio.run(run()) < 1.0
    assert gateway.guard.metrics()["holds_skipped"] == 3


def test_bodies_that_are_not_read_go_on_and_are_counted(opened):
    provider = ProviderApp()
    gateway = opened(deciding("reduce_surface"), limits={"body_bytes": 300})
    app = StillwatchMiddleware(provider, gateway=gateway)
    long = request_of("chat", n=4, user="x" * 400)
    assert post(app, PATH_OF["chat"], long).status_code == 200
    assert provider.seen == [long]
    with pytest.raises(UnicodeDecodeError):  # the provider reads no gzip; it got what the client sent
        post(app, PATH_OF["chat"], gzip.compress(b"{}"), **{"content-encoding": "gzip"})
    counts = gateway.guard.metrics()
    assert (counts["bodies_too_long"], counts["bodies_encoded"]) == (1, 1)


def test_a_body_that_comes_too_slowly_goes_on_unread(opened):
    gateway = opened(deciding("observe"), limits={"body_seconds": 0.05})
    provider = ProviderApp()
    app = StillwatchMiddleware(provider, gateway=gateway)

    async def slowly():
        yield b'{"messages": '
        await asyncio.sleep(0.2)
        yield b"[]}"

    async def run():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.post(PATH_OF["chat"], content=slowly(), headers={"x-api-key": "k"})

    assert asyncio.run(run()).status_code == 200
    assert provider.seen == [{"messages": []}]
    assert gateway.guard.metrics()["bodies_too_slow"] == 1


def test_an_answer_too_long_to_hold_goes_on_unedited(opened):
    gateway = opened(deciding("strip_reasoning"), limits={"answer_bytes": 50})

    async def chatty(_scope, _receive, send):
        head = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        for part in (b'{"choices": [], "pad": "', b"x" * 100, b'"}'):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    reply = post(StillwatchMiddleware(chatty, gateway=gateway), PATH_OF["chat"], request_of("chat"))
    assert reply.json()["pad"] == "x" * 100
    assert gateway.guard.metrics()["answers_unedited"] == 1


def test_an_application_that_fails_is_recorded_and_fails_as_before(opened, spooled):
    async def failing(*_):
        raise RuntimeError("down")

    gateway = opened(deciding("observe"))
    with pytest.raises(RuntimeError, match="down"):
        post(StillwatchMiddleware(failing, gateway=gateway), PATH_OF["chat"], request_of("chat"))
    gateway.guard.close()
    assert spooled("exchanges")[0]["error_type"] == "RuntimeError"


def test_other_paths_and_counters(opened):
    app = StillwatchMiddleware(ProviderApp(), gateway=opened(deciding("block"), metrics_path="/stillwatch"))
    assert post(app, "/v1/files", {}).status_code == 404

    async def run():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            await client.post(PATH_OF["chat"], json=request_of("chat"), headers={"x-api-key": "k"})
            return (await client.get("/stillwatch")).text

    assert 'stillwatch_gateway_events_total{event="decisions_refused"} 1' in asyncio.run(run())


def test_without_a_configuration_the_server_does_not_start(monkeypatch, tmp_path):
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with pytest.raises(InvalidConfiguration, match=ENVIRONMENT):
        StillwatchMiddleware(ProviderApp())
    (tmp_path / "gateway.toml").write_text('spool = "spool"\n')
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "gateway.toml"))
    assert post(StillwatchMiddleware(ProviderApp()), PATH_OF["chat"], request_of("chat")).status_code == 200
