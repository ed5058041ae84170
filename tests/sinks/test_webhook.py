"""The webhook sink against real servers."""

import email.utils
import json
import time

import pytest
from certificates import make
from notices import SECRET, Receiver, free_port, notice

from stillwatch.sinks import NotNow, Refused, open_sink, verify

ID = "a.1\r\nx-evil: 1"


@pytest.fixture(autouse=True)
def _secret(monkeypatch):
    monkeypatch.setenv("HOOK", SECRET)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def opened(port, path="/alarms?team=trust"):
    return open_sink(f"webhook+http://127.0.0.1:{port}{path}#secret=HOOK")


def test_a_receiver_gets_a_body_it_can_verify():
    with Receiver() as receiver:
        opened(receiver.port).deliver(notice())
    [(path, headers, body)] = receiver.requests
    assert path == "/alarms?team=trust"
    assert verify(SECRET, headers, body, time.time()) == "alarm-000001"
    lower = {name.lower(): value for name, value in headers.items()}
    assert lower["idempotency-key"] == "alarm-000001"
    assert lower["content-type"] == "application/json"
    assert json.loads(body)["data"]["campaign_id"] == "c-7f3a"
    assert SECRET not in str(receiver.requests)


def test_a_hostile_id_adds_no_header():
    with Receiver() as receiver:
        opened(receiver.port).deliver(notice(alarm_id=ID))
    [(_, headers, body)] = receiver.requests
    assert "x-evil" not in {name.lower() for name in headers}
    verify(SECRET, headers, body, time.time())
    assert json.loads(body)["data"]["alarm_id"] == ID


@pytest.mark.parametrize("status", [429, 408, 502, 503, 504])
def test_an_absent_receiver_is_tried_again(status):
    with Receiver([(status, {"retry-after": "7"})]) as receiver, pytest.raises(NotNow) as raised:
        opened(receiver.port).deliver(notice())
    assert raised.value.after == 7
    assert not raised.value.answered


def test_a_failing_receiver_is_tried_less_long():
    with Receiver([(500, {})]) as receiver, pytest.raises(NotNow, match="HTTP 500") as raised:
        opened(receiver.port).deliver(notice())
    assert raised.value.answered


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 410, 413])
def test_other_answers_are_final_and_redirects_are_not_followed(status):
    with (
        Receiver() as elsewhere,
        Receiver([(status, {"location": f"http://127.0.0.1:{elsewhere.port}/"})]) as here,
        pytest.raises(Refused, match=f"HTTP {status}"),
    ):
        opened(here.port).deliver(notice())
    assert not elsewhere.requests


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("5", 5),
        ("999999999999", 3600),
        ("-3", 0),
        ("soon", 0),
        ("", 0),
        (email.utils.formatdate(time.time() + 1e6, usegmt=True), 3600),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
        ("Mon, 99 Jan 2001 00:00:00 GMT", 0),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(said, seconds):
    with Receiver([(503, {"retry-after": said})]) as receiver, pytest.raises(NotNow) as raised:
        opened(receiver.port).deliver(notice())
    assert raised.value.after == seconds


def test_nobody_there():
    with pytest.raises(NotNow, match="refused") as raised:
        opened(free_port()).deliver(notice())
    assert not raised.value.answered


def test_over_tls_the_certificate_is_checked(tmp_path, monkeypatch):
    trusted, context = make(tmp_path)
    with Receiver() as receiver:
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        url = f"webhook+https://127.0.0.1:{receiver.port}/#secret=HOOK"
        with pytest.raises(NotNow, match="CERTIFICATE_VERIFY_FAILED"):
            open_sink(url).deliver(notice())
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        open_sink(url).deliver(notice())
    assert len(receiver.requests) == 1
