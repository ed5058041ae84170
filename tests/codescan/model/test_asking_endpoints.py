"""A model is asked as its protocol wants it; whatever goes wrong leaves the scan as it was, and is counted."""

import json
import time

import pytest
from scripted_endpoint import Raw, asker, serving, suspicion

from stillwatch.codescan.model import Endpoint, NotAnEndpoint
from stillwatch.codescan.model.consulting import consulted
from stillwatch.codescan.scan import scan

APP = """\
import os
import sqlite3
from flask import Flask, request
from elsewhere import fetched

app = Flask(__name__)

@app.route("/user")
def user():
    name = fetched("name")
    rows = sqlite3.connect("x.db").execute("select * from users where name = '" + name + "'")
    return {"rows": rows.fetchall()}

@app.route("/known")
def known():
    os.system("ls " + request.args["folder"])
    return {}
"""
NONE = {"hypotheses": []}
ONE = {"hypotheses": [suspicion("app.py", 10, 11, key="name")]}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    (folder / "app.py").write_text(APP)
    made = scan(folder, workers=1)
    assert [finding.rule for finding in made.findings] == ["command-injection"]
    return made


def same(one, other):
    return (one.findings, one.refuted, one.set_aside) == (other.findings, other.refuted, other.set_aside)


@pytest.mark.parametrize(
    ("protocol", "path"), [("openai", "/v1/chat/completions"), ("anthropic", "/v1/messages")]
)
def test_each_protocol_is_spoken(found, protocol, path):
    with serving(lambda _asked: ONE) as script:
        made = consulted(found, asker(script.address, protocol=protocol, key="k3y"))
    (asked,) = script.asked
    assert asked.path == path
    assert asked.body["model"] == "scripted"
    assert "k3y" in (asked.headers.get("Authorization", ""), asked.headers.get("x-api-key", "")) or (
        asked.headers.get("Authorization") == "Bearer k3y"
    )
    (new,) = set(made.findings) - set(found.findings)
    assert (new.rule, new.location.line, new.proof) == ("sql-injection", 11, "pattern")
    assert new.confidence < 0.5
    assert new.proposal is not None
    assert "proposed by a model" in new.message
    assert made.coverage.consulted.hypotheses == 1
    assert made.coverage.consulted.tokens > 0


@pytest.mark.parametrize("speaks", ["openai", "anthropic"])
def test_the_protocol_is_found_out_without_sending_code(found, speaks):
    with serving(lambda _asked: NONE, speaks) as script:
        consulted(found, asker(script.address, protocol=None))
    assert script.probed == 1
    assert script.asked[0].path.endswith("messages" if speaks == "anthropic" else "completions")


def test_where_the_protocol_cannot_be_found_out_nothing_is_sent(found):
    with serving(lambda _asked: NONE, "neither") as script:
        made = consulted(found, asker(script.address, protocol=None))
    assert script.asked == []
    assert same(made, found)
    assert "--model-protocol" in next(iter(made.coverage.consulted.failed))


def hang(_handler):
    time.sleep(1.5)


def trickle(handler):
    for _ in range(30):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.1)


def trickled_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"{")


def completion(text, reason="stop", **message):
    return json.dumps(
        {"choices": [{"message": {"content": text, **message}, "finish_reason": reason}]}
    ).encode()


FAILURES = {
    "no key": (lambda _: Raw(401), "key is not accepted"),
    "forbidden": (lambda _: Raw(403), "key is not accepted"),
    "no such model": (lambda _: Raw(404), "no such model"),
    "too long a question": (lambda _: Raw(400, b'{"error": "context \x1b[31m length"}'), "not accepted"),
    "limits": (lambda _: Raw(429), "no time for us (HTTP 429)"),
    "limits for long": (lambda _: Raw(429, headers={"Retry-After": "9999"}), "no time for us"),
    "its own error": (lambda _: Raw(500), "no time for us (HTTP 500)"),
    "elsewhere": (lambda _: Raw(302, headers={"Location": "http://127.0.0.1:9/"}), "not followed"),
    "not HTTP": (lambda _: Raw(instead=lambda handler: handler.wfile.write(b"hello\r\n\r\n")), "not HTTP"),
    "a page": (lambda _: Raw(body=b"<html>sign in</html>"), "not of the protocol"),
    "binary": (lambda _: Raw(body=b"\xff\xfe\x00"), "not of the protocol"),
    "nested": (lambda _: Raw(body=b"[" * 100_000), "not of the protocol"),
    "no choices": (lambda _: Raw(body=b'{"choices": []}'), "empty"),
    "nothing said": (lambda _: Raw(body=completion(None)), "not of the form"),
    "refused": (lambda _: Raw(body=completion(None, refusal="I cannot")), "refused"),
    "filtered": (lambda _: Raw(body=completion("", "content_filter")), "refused"),
    "cut short": (lambda _: Raw(body=completion('{"hypotheses": [', "length")), "cut short"),
    "prose": (lambda _: "There are no weaknesses.", "not of the form"),
    "prose around": (lambda _: 'Sure: {"hypotheses": []}', "not of the form"),
    "another form": (lambda _: {"hypotheses": [], "remove": ["all"]}, "not of the form"),
    "no list": (lambda _: {"hypotheses": {"a": 1}}, "not of the form"),
    "nested inside": (lambda _: '{"hypotheses": ' + "[" * 50_000, "not of the form"),
    "too large": (lambda _: Raw(body=b" " * 1_100_000), "too large"),
    "cut off": (lambda _: Raw(instead=cut_off), "cut short"),
    "hanging": (lambda _: Raw(instead=hang), "no answer in"),
    "trickling": (lambda _: Raw(instead=trickle), "no answer in"),
    "trickling on": (lambda _: Raw(instead=trickled_body), "no answer in"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failure_leaves_the_scan_as_it_was(found, name):
    answer, why = FAILURES[name]
    told = []
    began = time.monotonic()
    with serving(answer) as script:
        made = consulted(found, asker(script.address, told=told, key="s3cret", seconds=0.7))
        assert 1 <= len(script.asked) <= 3
    assert time.monotonic() - began < 4
    assert same(made, found)
    (reason,) = made.coverage.consulted.failed
    assert why in reason
    assert any(why in line for line in told)
    assert "\x1b" not in "".join(told)


def test_a_refused_connection_leaves_the_scan_as_it_was(found):
    with serving(lambda _asked: NONE) as script:
        pass
    made = consulted(found, asker(script.address))
    assert same(made, found)
    assert made.coverage.consulted.failed == {"the connection was refused": 1}


def test_anthropics_refusals_and_cut_answers_are_known(found):
    for reason, why in (("refusal", "refused"), ("max_tokens", "cut short")):
        body = b'{"content": [{"type": "text", "text": "{\\"hypotheses\\": []}"}], "stop_reason": "%s"}'
        with serving(lambda _asked, reason=reason, body=body: Raw(body=body % reason.encode())) as script:
            made = consulted(found, asker(script.address, protocol="anthropic"))
        assert why in next(iter(made.coverage.consulted.failed))


def test_an_endpoint_without_time_is_asked_again_and_then_answers(found):
    answers = [Raw(429, headers={"Retry-After": "0"}), Raw(503), ONE]
    with serving(lambda _asked: answers.pop(0)) as script:
        made = consulted(found, asker(script.address))
    assert len(script.asked) == 3
    assert made.coverage.consulted.hypotheses == 1


def test_a_model_that_wants_its_limit_under_another_name_is_given_it(found):
    def answer(asked):
        return NONE if "max_completion_tokens" in asked.body else Raw(400, b'"use max_completion_tokens"')

    with serving(answer) as script:
        made = consulted(found, asker(script.address))
    assert made.coverage.consulted.failed == {}
    assert "max_tokens" not in script.asked[-1].body


def test_one_endpoint_that_is_not_there_is_asked_once(tmp_path):
    for number in range(4):
        (tmp_path / f"app{number}.py").write_text(APP)
    found = scan(tmp_path, workers=1)
    with serving(lambda _asked: Raw(401)) as script:
        made = consulted(found, asker(script.address))
    assert len(script.asked) == 1
    assert made.coverage.consulted.failed == {"the key is not accepted (HTTP 401)": 4}


def test_the_budget_of_calls_and_tokens_bounds_what_is_sent(tmp_path):
    for number in range(4):
        (tmp_path / f"app{number}.py").write_text(APP)
    found = scan(tmp_path, workers=1)
    with serving(lambda _asked: NONE) as script:
        consulted(found, asker(script.address, calls=2))
        assert len(script.asked) == 2
        made = consulted(found, asker(script.address, tokens=100))
        assert len(script.asked) == 2
        assert made.coverage.consulted.files == ()
        assert "budget of tokens" in next(iter(made.coverage.consulted.failed))


def test_answers_are_kept_and_the_next_scan_asks_nothing(found, tmp_path):
    with serving(lambda _asked: ONE) as script:
        first = consulted(found, asker(script.address, cache=tmp_path))
    second = consulted(found, asker(script.address, cache=tmp_path))
    assert same(first, second)
    assert second.coverage.consulted.kept == 1
    assert second.coverage.consulted.bytes == 0
    for file in (tmp_path / "model").iterdir():
        file.write_text("spoiled")
    third = consulted(found, asker(script.address, cache=tmp_path))
    assert same(third, found)


def test_what_leaves_is_said_before_and_secrets_are_masked(tmp_path):
    token = "xoxb-123456789012-" + "aB3dE5gH7jK9mN1pQ3sT5vW7"
    password = "k9Xw27Lq81" + "Zt"
    text = APP + f'\nSLACK = "{token}"\nDB_PASSWORD = "{password}"\n# {"z" * 3000}\n'
    (tmp_path / "app.py").write_text(text)
    (tmp_path / "test_app.py").write_text(APP)
    found = scan(tmp_path, workers=1)
    told, seen = [], []

    def answer(_asked):
        seen.append(list(told))
        return NONE

    with serving(answer) as script:
        made = consulted(found, asker(script.address, told=told))
    (asked,) = script.asked
    assert token not in asked.task
    assert password not in asked.task
    assert "zzzz" not in asked.task
    assert "from elsewhere import fetched" in asked.task
    assert any("app.py" in line and "bytes" in line and script.address in line for line in seen[0])
    assert any("2 secrets masked" in line for line in seen[0])
    assert made.coverage.consulted.files == ("app.py",)
    assert made.coverage.consulted.masked == 2


def test_the_key_is_shown_nowhere(found, tmp_path):
    told = []
    answer = Raw(400, b'{"error": "bad key s3cret-k3y"}')
    with serving(lambda _asked: answer) as script:
        one = asker(script.address, key="s3cret-k3y", told=told, cache=tmp_path)
        made = consulted(found, one)
    assert "s3cret-k3y" not in "".join(told)
    assert "s3cret-k3y" not in repr((made.coverage, one.endpoint))


@pytest.mark.parametrize(
    "address",
    [
        "http://models.example.org/v1", "ftp://127.0.0.1/", "https://", "https://me:pass@models.example.org", "http://localhost.evil.example/v1",
        "https://models.example.org/v1?key=1", "http://127.0.0.1:port/", "https://models.exämple.org/", "http://2130706433.example/",
        "https://models.example.org/v1\r\nX: y", "", "http://[::1", "http://127.0.0.1:0/",
    ],
)  # fmt: skip
def test_addresses_that_would_send_code_astray_are_refused(address):
    with pytest.raises(NotAnEndpoint):
        Endpoint.at(address, "m")


def test_addresses_that_may_be_used():
    assert Endpoint.at("http://127.0.0.1:8000/v1/", "m").base.path == "/v1"
    assert Endpoint.at("http://[::1]:8000", "m").protocol is None
    assert Endpoint.at("https://api.anthropic.com", "m").protocol == "anthropic"
    assert Endpoint.at("https://models.example.org/v1/chat/completions", "m").protocol == "openai"
    assert Endpoint.at("http://models.example.org/v1", "m", allow_http=True).base.hostname
    with pytest.raises(NotAnEndpoint):
        Endpoint.at("https://models.example.org", "m", key="a\nb")
