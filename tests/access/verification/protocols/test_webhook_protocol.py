"""Signed events: genuine ones are read, all others are refused, whatever they are."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from vouching import SECOND, SECRET, START, event, signed

from stillwatch.access.verification.api import Refused
from stillwatch.access.verification.protocols import webhook

BODY = event("challenge-1")
BY_SECRET = webhook.Verifier([SECRET.encode()])
KEY = Ed25519PrivateKey.generate()
BY_KEY = webhook.Verifier(public_keys=[KEY.public_key().public_bytes_raw()])


def by_key(body=BODY, *, moment=START // SECOND, event_id="evt-2"):
    made = KEY.sign(webhook.signed_content(event_id, str(moment), body))
    return {
        "Webhook-Id": event_id,
        "Webhook-Timestamp": str(moment),
        "Webhook-Signature": "v1a," + base64.b64encode(made).decode(),
    }


def refused(reason, headers, body=BODY, *, verifier=BY_SECRET, now=START):
    with pytest.raises(Refused) as found:
        webhook.verify(verifier, headers, body, now)
    assert found.value.reason == reason, str(found.value)


def test_the_vector_of_standard_webhooks():
    """The example that the specification's libraries are tested with."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    made = webhook.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_genuine_events_of_both_kinds():
    assert webhook.verify(BY_SECRET, signed(BODY), BODY, START) == "evt-1"
    assert webhook.verify(BY_KEY, by_key(), BODY, START) == "evt-2"


def test_while_a_secret_is_replaced_both_are_taken():
    old = signed(BODY, secret="an older secret, thirty-two bytes")
    both = webhook.Verifier([SECRET.encode(), b"an older secret, thirty-two bytes"])
    assert webhook.verify(both, old, BODY, START)
    two = old | {"webhook-signature": f"{old['webhook-signature']} {signed(BODY)['webhook-signature']}"}
    assert webhook.verify(BY_SECRET, two, BODY, START)


def test_forged_events():
    good = signed(BODY)
    refused("forged", good, BODY + b" ")
    refused("forged", good | {"webhook-id": "evt-2"})
    refused("forged", good | {"webhook-timestamp": str(START // SECOND + 1)})
    refused("forged", signed(BODY, secret="some other secret of the right length"))
    refused("forged", good, verifier=BY_KEY)
    refused("forged", by_key())
    refused("forged", good, verifier=webhook.Verifier())
    for odd in (
        "",
        "v1",
        "v1,",
        "v1,ü",
        "v2," + good["webhook-signature"][3:],
        "v1a," + "A" * 88,
        "x" * 5_000,
    ):
        refused("forged", good | {"webhook-signature": odd})
        refused("forged", by_key() | {"Webhook-Signature": odd}, verifier=BY_KEY)


def test_a_signature_for_one_scheme_is_none_for_the_other():
    """A public key is no secret: nobody may sign `v1` with it."""
    public = KEY.public_key().public_bytes_raw()
    made = webhook.signature(public, "evt-1", str(START // SECOND), BODY)
    headers = {"webhook-id": "evt-1", "webhook-timestamp": str(START // SECOND), "webhook-signature": made}
    refused("forged", headers, verifier=BY_KEY)


@pytest.mark.parametrize(
    ("seconds", "reason"), [(301, "late"), (300, None), (-300, None), (-301, "clock_skewed"), (10**6, "late")]
)
def test_the_window(seconds, reason):
    now = START + seconds * SECOND
    if reason is None:
        assert webhook.verify(BY_SECRET, signed(BODY), BODY, now)
    else:
        refused(reason, signed(BODY), now=now)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": ""},
        {"webhook-id": "a.b"},
        {"webhook-id": "x" * 257},
        {"webhook-id": "a\nb"},
        {"webhook-id": "ü"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "1" * 20},
        {"webhook-timestamp": "\u0661"},
    ],
)
def test_headers_that_are_none(changed):
    refused("malformed", signed(BODY) | changed)


@given(
    headers=st.dictionaries(st.sampled_from(webhook.HEADERS), st.text(max_size=60)),
    body=st.binary(max_size=60),
)
def test_any_headers_and_body_are_refused(headers, body):
    with pytest.raises(Refused):
        webhook.verify(webhook.Verifier([SECRET.encode()], BY_KEY.public_keys), headers, body, START)


@given(
    st.binary(max_size=80)
    | st.text(max_size=80).map(lambda text: f'{{"type": "x", "data": {text}}}'.encode())
)
def test_any_body_is_an_event_or_refused(body):
    with pytest.raises(Refused):
        webhook.event_of(body)
