import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.features.key import SketchKey
from stillwatch.gateways.caller import Identity, api_keys, client_address

KEY = SketchKey(b"k" * 32)


def caller(headers, peer="192.0.2.9", **identity):
    return Identity(key=KEY, **identity).caller(headers, peer)


def test_a_key_is_known_by_its_keyed_hash_alone():
    secret = "sk-very-secret"
    one = caller([("authorization", f"Bearer {secret}")])
    assert one.account_id == one.api_key_id
    assert secret not in repr(one)
    assert caller([("x-api-key", secret)]).account_id == one.account_id
    other = Identity(key=SketchKey(b"z" * 32)).caller([("x-api-key", secret)], None)
    assert other.account_id != one.account_id
    assert caller([("authorization", "Basic abc")]).account_id is None


def test_all_api_keys_of_a_request_are_seen_that_of_authorization_first():
    assert caller([("authorization", "DPoP k")]).account_id == caller([("x-api-key", "k")]).account_id
    shown = [
        ("x-api-key", "b"),
        ("authorization", "bearer a"),
        ("authorization", "Basic x"),
        ("api-key", "b"),
    ]
    assert api_keys(shown) == ["a", "b"]
    assert api_keys([("authorization", "Bearer "), ("x-api-key", "")]) == []


def test_the_account_is_the_headers_then_the_claims_then_the_keys():
    claims = base64.urlsafe_b64encode(json.dumps({"sub": "acc-claim"}).encode()).decode().rstrip("=")
    headers = [("x-account", "acc-header"), ("x-jwt-payload", claims), ("x-api-key", "k")]
    named = {"account_header": "x-account", "claims_header": "x-jwt-payload"}
    assert caller(headers, **named).account_id == "acc-header"
    assert caller(headers[1:], **named).account_id == "acc-claim"
    assert caller([("x-jwt-payload", '{"sub": "acc-plain"}')], **named).account_id == "acc-plain"
    assert caller(headers).account_id == caller(headers[2:]).account_id


def test_a_header_that_was_not_named_says_nothing():
    forged = [("x-ja4", "t13d"), ("x-country", "XX"), ("x-account-id", "someone-else")]
    known = caller(forged)
    assert (known.ja4, known.country, known.account_id) == (None, None, None)
    named = caller([*forged, ("x-asn", "AS64500")], fact_headers={"ja4": "x-ja4", "asn": "x-asn"})
    assert (named.ja4, named.asn) == ("t13d", 64500)


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ([], 0, "192.0.2.9"),
        (["203.0.113.7"], 0, "192.0.2.9"),  # forged: no proxy is trusted
        (["203.0.113.7"], 1, "203.0.113.7"),
        (["6.6.6.6, 203.0.113.7"], 1, "203.0.113.7"),  # the client wrote the first
        (["6.6.6.6", "203.0.113.7"], 1, "203.0.113.7"),  # in a header of its own
        (["6.6.6.6, 203.0.113.7, 10.0.0.1"], 2, "203.0.113.7"),
        (["203.0.113.7"], 2, "203.0.113.7"),  # passed one proxy less
        (["[2001:db8::1]:443"], 1, "2001:db8::1"),
        (["203.0.113.7:5000"], 1, "203.0.113.7"),
        (["::ffff:203.0.113.7"], 1, "203.0.113.7"),
        (["unknown"], 1, None),
        ([""], 1, None),
    ],
)
def test_forwarded_addresses_are_trusted_from_the_right(forwarded, hops, address):
    assert client_address(forwarded, "192.0.2.9", hops) == address


@given(st.lists(st.text(max_size=20), max_size=4), st.integers(0, 5), st.text(max_size=20) | st.none())
def test_no_header_raises(forwarded, hops, peer):
    client_address(forwarded, peer, hops)


@given(
    st.lists(
        st.tuples(st.sampled_from(["authorization", "x-jwt", "x-asn"]), st.text(max_size=40)), max_size=4
    )
)
def test_no_identity_raises(headers):
    caller(headers, claims_header="x-jwt", fact_headers={"asn": "x-asn", "kyc_level": "x-asn"})
