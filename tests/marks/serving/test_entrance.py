"""The door of a server of models: only the gateway's header chooses a cohort, and nobody else can make a ticket."""

import asyncio
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.marks.serving import entrance
from stillwatch.marks.serving.entrance import VllmEntrance
from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.ticket import NAME, cohort_in, mint
from stillwatch.marks.watermark import MarkKeys, Scheme
from stillwatch.records import InvalidConfiguration, UnreadableInput

KEYS = MarkKeys(bytes(range(32)))
SERVING = Serving(KEYS, Scheme())
TICKET = mint(KEYS, "blue")
JSON = (b"content-type", b"application/json")


def passed(kind, said, headers=(), *, chunk=7, method="POST"):
    """What the server behind the entrance gets to read, or the status with which it was refused."""
    seen, sent = [], []
    pieces = [said[at : at + chunk] for at in range(0, len(said), chunk)] or [b""]

    async def app(scope, receive, _):
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        assert (await receive())["type"] == "http.disconnect"
        seen.append((dict(scope["headers"]), body))

    messages = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1}
        for number, piece in enumerate(pieces)
    ]

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/v1/chat/completions", "headers": [*headers]}
    asyncio.run(kind(app, SERVING)(scope, receive, send))
    return seen[0] if seen else sent[0]["status"]


def asked(kind, body, headers=(JSON,)):
    return json.loads(passed(kind, json.dumps(body).encode(), headers)[1])


def test_the_gateways_cohort_becomes_a_ticket():
    headers, body = passed(VllmEntrance, b'{"model": "m", "n": 2}', [JSON, (b"x-stillwatch-mark", b"blue")])
    found = json.loads(body)
    assert found.pop("vllm_xargs") == {NAME: TICKET}
    assert found == {"model": "m", "n": 2}
    assert b"x-stillwatch-mark" not in headers
    assert headers[b"content-length"] == str(len(body)).encode()


@pytest.mark.parametrize("value", ["red", TICKET, mint(MarkKeys(bytes(32)), "red"), 3, None, ["red"], {}])
def test_what_a_client_says_about_marks_is_removed(value):
    body = {"vllm_xargs": {NAME: value, "other": 1}}
    assert asked(VllmEntrance, body) == {"vllm_xargs": {"other": 1}}
    found = asked(VllmEntrance, body, [JSON, (b"x-stillwatch-mark", b"blue")])
    assert found == {"vllm_xargs": {"other": 1, NAME: TICKET}}


def test_two_headers_name_no_cohort():
    twice = [JSON, (b"x-stillwatch-mark", b"blue"), (b"x-stillwatch-mark", b"red")]
    assert asked(VllmEntrance, {"n": 1}, twice) == {"n": 1}


def test_what_cannot_be_read_is_refused(monkeypatch):
    assert passed(VllmEntrance, b'{"vllm_xargs": ', [JSON]) == 400
    assert passed(VllmEntrance, b"[1]", [JSON]) == 400
    assert passed(VllmEntrance, b"\xff\xfe", []) == 400
    assert passed(VllmEntrance, b"[" * 100_000, [JSON], chunk=1 << 16) == 400
    monkeypatch.setattr(entrance, "LARGEST", 20)
    assert passed(VllmEntrance, b'{"a": "' + b"x" * 99 + b'"}', [JSON]) == 413


def test_what_says_nothing_of_marks_goes_on_as_it_is():
    form = (b"content-type", b"multipart/form-data; boundary=x")
    assert passed(VllmEntrance, b"--x", [form]) == (dict([form]), b"--x")
    assert passed(VllmEntrance, b"", [])[1] == b""
    assert passed(VllmEntrance, b"anything", [], method="GET")[1] == b"anything"
    assert asked(VllmEntrance, {"vllm_xargs": 3}) == {"vllm_xargs": 3}  # vLLM refuses it
    found = passed(VllmEntrance, b'{"temperature": NaN}', [JSON])[1]
    assert math.isnan(json.loads(found)["temperature"])


def test_a_client_that_goes_away_is_no_request():
    async def app(*_):
        raise AssertionError

    async def receive():
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(VllmEntrance(app, SERVING)(scope, receive, None))


def test_a_socket_is_not_a_request():
    seen = []

    async def app(scope, *_):
        seen.append(scope["type"])

    asyncio.run(VllmEntrance(app, SERVING)({"type": "lifespan"}, None, None))
    asyncio.run(VllmEntrance(app, SERVING)({"type": "websocket", "headers": []}, None, None))
    assert seen == ["lifespan", "websocket"]


@given(cohort=st.text(), other=st.text())
@settings(max_examples=50)
def test_a_ticket_is_of_its_cohort_and_secret_alone(cohort, other):
    made = mint(KEYS, cohort)
    assert cohort_in(KEYS, made) == cohort
    assert cohort_in(MarkKeys(bytes(32)), made) is None
    assert cohort_in(MarkKeys(bytes(range(32)), "another tenant"), made) is None
    if cohort != other:
        assert cohort_in(KEYS, f"{other}.{made.rpartition('.')[2]}") is None


@pytest.mark.parametrize(
    "forged", ["blue", "blue.", "", ".", 7, None, b"blue", TICKET[:-1], TICKET.upper(), "blue.é"]
)
def test_what_nobody_here_made_is_no_ticket(forged):
    assert cohort_in(KEYS, forged) is None
    assert SERVING.keys_of(forged).cohort is None


def test_settings_are_those_of_the_environment(tmp_path):
    scheme, secret = tmp_path / "scheme.json", tmp_path / "secret"
    scheme.write_text('{"delta": 2.0}')
    secret.write_text("00" * 32)
    found = Serving.from_environment(
        {
            "STILLWATCH_MARK_SECRET_FILE": str(secret),
            "STILLWATCH_MARK_SCHEME": str(scheme),
            "STILLWATCH_MARK_TENANT": "acme",
        }
    )
    assert found == Serving(MarkKeys(bytes(32), "acme"), Scheme(delta=2.0))
    with pytest.raises(UnreadableInput):
        Serving.from_environment({"STILLWATCH_MARK_SECRET_FILE": str(tmp_path / "none")})


def test_a_server_that_draws_tokens_wants_green():
    with pytest.raises(InvalidConfiguration, match="use green"):
        Serving(KEYS, Scheme(variant="gumbel")).by_logits()
