"""Signed webhooks, as a receiver checks them."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices import HOSTILE, SECRET

from stillwatch.records import InvalidConfiguration
from stillwatch.sinks import NotGenuine, verify
from stillwatch.sinks._delivery.signature import secret_bytes, signed_headers

NOW = 1_772_424_700.0
BODY = b'{"type":"alarm.opened"}'


def headers(secret=SECRET, alarm_id="alarm-1", body=BODY, now=NOW):
    return signed_headers([secret_bytes(one) for one in secret.split()], alarm_id, body, now)


def test_the_signature_is_that_of_the_standard():
    """Made by hand from the words of the specification, beside the code."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    mac = hmac.new(key, b"alarm-1.1772424700." + BODY, hashlib.sha256).digest()
    assert headers() == {
        "webhook-id": "alarm-1",
        "webhook-timestamp": "1772424700",
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


@given(HOSTILE, st.binary(max_size=100))
def test_what_is_signed_is_genuine_and_headers_are_one_line(alarm_id, body):
    made = headers(alarm_id=alarm_id, body=body)
    assert all(value.isascii() and value.isprintable() for value in made.values())
    assert (
        verify(SECRET, {name.title(): value for name, value in made.items()}, body, NOW) == made["webhook-id"]
    )


@pytest.mark.parametrize("away", [-301, 301, 1e9])
def test_a_replay_is_refused(away):
    with pytest.raises(NotGenuine, match="5 minutes"):
        verify(SECRET, headers(), BODY, NOW + away)
    verify(SECRET, headers(), BODY, NOW + 299)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"webhook-id": "alarm-2"}, "no signature"),
        ({"webhook-timestamp": "1772424701"}, "no signature"),
        ({"webhook-timestamp": "soon"}, "no time"),
        ({"webhook-timestamp": "9" * 400}, "no time"),
        ({"webhook-timestamp": "\u0661"}, "no time"),
        ({"webhook-signature": ""}, "no signature"),
        ({"webhook-signature": "v1,"}, "no signature"),
        ({"webhook-signature": "v1,\u00e9"}, "no signature"),
        ({"webhook-signature": "v2,AAAA v1,AAAA"}, "no signature"),
    ],
)
def test_a_forgery_is_refused(changed, said):
    with pytest.raises(NotGenuine, match=said):
        verify(SECRET, headers() | changed, BODY, NOW)


def test_a_changed_body_and_a_missing_header_are_refused():
    with pytest.raises(NotGenuine, match="no signature"):
        verify(SECRET, headers(), BODY + b" ", NOW)
    with pytest.raises(NotGenuine, match="webhook-id is missing"):
        verify(SECRET, {}, BODY, NOW)


def test_while_a_secret_is_replaced_either_one_verifies():
    other = "the other secret, of more than 24 bytes".replace(" ", "-")
    made = headers(f"{SECRET} {other}")
    assert verify(SECRET, made, BODY, NOW) == verify(other, made, BODY, NOW) == "alarm-1"
    assert verify(f"{other} {SECRET}", headers(), BODY, NOW) == "alarm-1"


@pytest.mark.parametrize("secret", ["short", "whsec_c2hvcnQ=", "whsec_?", ""])
def test_a_weak_secret_is_no_configuration(secret):
    with pytest.raises(InvalidConfiguration):
        secret_bytes(secret)
