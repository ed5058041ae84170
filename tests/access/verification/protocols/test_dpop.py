"""RFC 9449, by section."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk
from possession import URL, new_key, proof
from vouching import SECOND, START

from stillwatch.access.verification.api import Refused
from stillwatch.access.verification.protocols import dpop

KEY = new_key()
NONCES = dpop.Nonces(bytes(32))


def check(made, **told):
    return dpop.check(made, **({"method": "POST", "url": URL, "now": START} | told))


def refused(reason, made, **told):
    with pytest.raises(Refused) as found:
        check(made, **told)
    assert found.value.reason == reason, str(found.value)


@pytest.mark.parametrize(
    ("kind", "size", "algorithm"),
    [
        ("EC", "P-256", "ES256"),
        ("EC", "P-384", "ES384"),
        ("OKP", "Ed25519", "Ed25519"),
        ("RSA", 2048, "PS256"),
        ("RSA", 2048, "RS256"),
    ],
)
def test_4_2_a_proof_holds_whatever_its_algorithm(kind, size, algorithm):
    key = new_key(kind, size)
    shown = check(proof(key, algorithm=algorithm))
    assert shown.jkt == key.thumbprint()
    assert "d" not in shown.key


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_4_2_the_older_name_of_ed25519_is_taken():
    assert check(proof(new_key("OKP", "Ed25519"), algorithm="EdDSA"))


def test_6_1_the_thumbprint_is_that_of_the_rfc():
    """The key of the figures of sections 4.1 and 6.1, and its thumbprint there."""
    public = {
        "kty": "EC",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        "crv": "P-256",
    }
    assert jwk.import_key(public).thumbprint() == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


def test_4_1_the_proof_of_the_rfc_holds():
    """The example of section 4.1, at the time it was made."""
    made = (
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
        ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ"
        ".2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
    )
    shown = dpop.check(
        made, method="POST", url="https://server.example.com/token", now=1_562_262_616 * SECOND
    )
    assert (shown.jti, shown.jkt) == ("-BwC3ESc6acc2lTc", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")


@pytest.mark.parametrize("made", ["", "a", "a.b", "a.b.c", "a.b.c.d", "ä.b.c", "." * 30, "x" * 20_000])
def test_4_3_check_2_one_well_formed_token(made):
    refused("malformed", made)


@pytest.mark.parametrize(
    ("reason", "missing"),
    [("malformed", "jti"), ("mismatch", "htm"), ("mismatch", "htu"), ("malformed", "iat")],
)
def test_4_3_check_3_every_claim_is_there(reason, missing):
    refused(reason, proof(KEY, **{missing: None}))


@pytest.mark.parametrize("value", [1, "", [], True, "x" * 300])
def test_4_3_check_3_the_id_is_text_of_some_length(value):
    refused("malformed", proof(KEY, jti=value))


@pytest.mark.parametrize("typ", ["JWT", None, "at+jwt", ""])
def test_4_3_check_4_the_type(typ):
    refused("malformed", proof(KEY, header={"typ": typ}))


def test_4_3_check_5_the_algorithm_is_asymmetric():
    def coded(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = coded({"jti": "1", "htm": "POST", "htu": URL, "iat": START // SECOND})
    none = coded({"typ": "dpop+jwt", "alg": "none", "jwk": KEY.as_dict(private=False)})
    refused("malformed", f"{none}.{claims}.")
    secret = jwk.generate_key("oct", 256)
    refused("malformed", proof(KEY, signer=secret, header={"alg": "HS256"}))
    refused("malformed", proof(secret, signer=secret, algorithm="HS256", header={"jwk": secret.as_dict()}))


def test_4_3_check_6_the_signature_is_the_keys():
    refused("forged", proof(KEY, signer=new_key()))
    head, body, made = proof(KEY).split(".")
    refused("forged", f"{head}.{body}.{made[:-4]}AAAA")
    refused("forged", proof(KEY, header={"jwk": new_key().as_dict(private=False)}))
    refused(
        "forged",
        proof(
            KEY,
            header={"alg": "ES384", "jwk": new_key("EC", "P-384").as_dict(private=False)},
            signer=new_key("EC", "P-384"),
        ),
    )


@pytest.mark.parametrize(
    "described",
    [
        None,
        "key",
        {},
        KEY.as_dict(private=True),
        {"kty": "oct", "k": "AAAA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "n": "A" * 2_000, "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
        {"kty": ["EC"]},
    ],
)
def test_4_3_check_7_the_key_is_a_public_one(described):
    refused("malformed", proof(KEY, header={"jwk": described}))


def test_weak_rsa_keys_are_refused():
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key().public_numbers()
    coded = {
        "kty": "RSA",
        "n": base64.urlsafe_b64encode(weak.n.to_bytes(128, "big")).rstrip(b"=").decode(),
        "e": "AQAB",
    }
    refused("malformed", proof(KEY, header={"jwk": coded}))


def test_4_3_check_8_the_method():
    refused("mismatch", proof(KEY, method="GET"))
    refused("mismatch", proof(KEY, method="post"))


@pytest.mark.parametrize(
    "same",
    [
        URL,
        "HTTPS://API.EXAMPLE.COM/v1/chat/completions",
        "https://api.example.com:443/v1/chat/completions",
        f"{URL}?stream=1#top",
        "https://api.example.com/v1/x/../chat/./completions",
        "https://api.example.com/v1/%63hat/completions",
    ],
)
def test_4_3_check_9_the_address_is_compared_normalised(same):
    assert check(proof(KEY, url=same))


@pytest.mark.parametrize(
    "other",
    [
        "http://api.example.com/v1/chat/completions",
        "https://api.example.com:8443/v1/chat/completions",
        "https://evil.example.com/v1/chat/completions",
        "https://api.example.com@evil.test/v1/chat/completions",
        "https://api.example.com/v1/chat%2Fcompletions",
        f"{URL}/",
        "/v1/chat/completions",
        "",
        7,
        "https://[::1",
        "https://api.example.com:x/v1/chat/completions",
    ],
)
def test_4_3_check_9_another_address(other):
    refused("mismatch", proof(KEY, url=other))


def test_4_3_check_10_the_nonce_is_one_of_ours():
    told = {"check_nonce": lambda given: NONCES.check(given, START)}
    assert check(proof(KEY, nonce=NONCES.issue(START)), **told)
    for wrong in (None, "", "x", 5, dpop.Nonces(b"1" * 32).issue(START), NONCES.issue(START)[:-2] + "AA"):
        refused("forged", proof(KEY, nonce=wrong), **told)


def test_8_2_a_nonce_lives_for_minutes():
    nonce = NONCES.issue(START)
    NONCES.check(nonce, START - 30 * SECOND)  # another machine's clock is a little behind
    NONCES.check(nonce, START + dpop.NONCE_LIVES - 1)
    for wrong in (START + dpop.NONCE_LIVES, START - 61 * SECOND):
        with pytest.raises(dpop.WrongNonce):
            NONCES.check(nonce, wrong)


@pytest.mark.parametrize(
    ("reason", "seconds"),
    [
        ("late", -301),
        (None, -299),
        (None, 59),
        ("clock_skewed", 61),
        ("malformed", 10**13),
        ("malformed", float("1e300")),
    ],
)
def test_4_3_check_11_and_11_1_the_time(reason, seconds):
    made = proof(KEY, iat=START // SECOND + seconds)
    if reason is None:
        assert check(made)
    else:
        refused(reason, made)


@pytest.mark.parametrize("iat", ["now", True, None, [], 10**400])
def test_4_3_check_11_a_time_is_a_number(iat):
    refused("malformed", proof(KEY, iat=iat))


def test_4_3_check_12_the_token_and_its_key():
    assert check(proof(KEY, token="t-1"), token="t-1", jkt=KEY.thumbprint())
    refused("mismatch", proof(KEY, token="t-2"), token="t-1")
    refused("mismatch", proof(KEY), token="t-1")
    refused("mismatch", proof(KEY, ath=5), token="t-1")
    refused("mismatch", proof(KEY), jkt=new_key().thumbprint())


def test_7_the_hash_of_the_rfcs_token():
    """The token of section 7.1 and its `ath`."""
    token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
    assert dpop.access_token_hash(token) == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.from_regex(r"[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}", fullmatch=True),
    )
)
def test_any_text_is_refused(text):
    with pytest.raises(Refused):
        check(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(["jti", "htm", "htu", "iat", "nonce", "ath"]), value=JSON, header=st.booleans())
def test_any_claim_or_key_is_taken_or_refused(name, value, header):
    if header:
        described = KEY.as_dict(private=False) | {"x": value} if name == "iat" else value
        made = proof(KEY, header={"jwk": described})
    else:
        made = proof(KEY, **{name: value})
    try:
        check(made, token="t", check_nonce=lambda given: NONCES.check(given, START))
    except Refused:
        return
    raise AssertionError("a proof without a nonce of ours was taken")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_addresses_can_be_compared(one, other):
    assert dpop.same_address(one, other) in (True, False)
    assert (
        dpop.same_address(f"https://a.test/{one}", f"https://a.test/{one}")
        or not one.isascii()
        or not one.isprintable()
    )
