"""OpenID Connect: against a provider of others' making, and against one that lies in every way a login can."""

import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from crooked_provider import Provider, text
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk
from served import served
from starlette.responses import RedirectResponse
from vouching import DAY, SECOND, desk

from stillwatch.access.verification.api import Refused
from stillwatch.access.verification.protocols import openid
from stillwatch.cases import api
from stillwatch.records import Micros

BACK = "https://console.example.com/back"


@pytest.fixture
def tenant(tmp_path):
    with api.open_store(
        f"sqlite:///{tmp_path}/cases.db"
    ) as store:  # by the clock of the wall, as the provider's
        yield store.tenant("acme")


@pytest.fixture(scope="module")
def serving_provider():
    made = Provider()
    with served(made.app(), lifespan="off") as address:
        made.address = address
        yield made


@pytest.fixture
def provider(serving_provider):
    serving_provider.reset()
    return serving_provider


@pytest.fixture
def logins(tenant, provider, monkeypatch):
    monkeypatch.setenv("ACME_SECRET", provider.secret)
    return at(tenant, provider.address, secret="ACME_SECRET")


def at(tenant, issuer, **more):
    told = {"issuer": issuer, "client_id": "stillwatch", "redirect_uri": BACK}
    return desk(tenant, organisations={"acme": told | more})


def begin(logins, account="acct-1"):
    return logins.begin("organisation_login", {"account_id": account, "organisation": "acme"})


def log_in(begun):
    """What the browser brings back."""
    answer = httpx.get(begun.shown["authorization_url"])
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def complete(logins, begun, back, account="acct-1"):
    answer = {"account_id": account, "challenge_id": begun.challenge_id, **back}
    return logins.complete("organisation_login", answer)


def whole(logins, account="acct-1"):
    begun = begin(logins, account)
    return complete(logins, begun, log_in(begun), account)


def refused(reason, logins, **changed):
    begun = begin(logins)
    back = log_in(begun) | changed
    with pytest.raises(Refused) as found:
        complete(logins, begun, {name: value for name, value in back.items() if value is not None})
    assert found.value.reason == reason, (str(found.value), found.value.__cause__)
    assert logins.proofs("acct-1") == []


def test_a_login(logins, provider):
    proof = whole(logins)
    assert proof.provenance == {"issuer": provider.address, "provider": "acme"}
    assert [one.kind for one in proof.subjects] == ["domain", "organisation_user"]
    assert "acme.example" not in str(proof)
    assert 0 < proof.expires_at - proof.made_at <= 90 * DAY


def test_a_provider_of_others_making(tenant, monkeypatch):
    """A server of the package oidc-provider-mock, in a process of its own: its code, its tokens, its keys."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    claims = '{"sub": "ana", "email": "ana@acme.example", "email_verified": true}'
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-n", "--user-claims", claims]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        issuer = f"http://127.0.0.1:{port}"
        _wait(issuer, process)
        monkeypatch.setenv("OTHERS_SECRET", "any that it is told first")
        logins = at(tenant, issuer, secret="OTHERS_SECRET")
        begun = begin(logins)
        answer = httpx.post(begun.shown["authorization_url"], data={"sub": "ana"})
        back = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}
        assert complete(logins, begun, back).kind == "organisation_login"
        again = begin(logins)
        with pytest.raises(Refused, match="answered 400: invalid_grant"):
            complete(logins, again, back | {"state": _state(again)})
    finally:
        process.terminate()
        process.wait(10)


def _wait(issuer, process):
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the provider did not start")


def _state(begun):
    return parse_qs(urlsplit(begun.shown["authorization_url"]).query)["state"][0]


def test_a_domain_by_a_claim_of_the_provider(tenant, provider, monkeypatch):
    monkeypatch.setenv("ACME_SECRET", provider.secret)
    logins = at(tenant, provider.address, secret="ACME_SECRET", domain_claim="hd")
    refused("insufficient", logins)
    provider.claims = {"hd": "Acme.Example", "email_verified": None}
    assert whole(logins)


@pytest.mark.parametrize(
    ("reason", "claims"),
    [
        ("mismatch", {"iss": "https://evil.test"}),
        ("mismatch", {"aud": "another"}),
        ("mismatch", {"aud": ["stillwatch", "another"]}),  # without azp
        ("mismatch", {"azp": "another"}),
        ("mismatch", {"nonce": "another"}),
        ("mismatch", {"nonce": None}),
        ("mismatch", {"at_hash": "AAAA"}),
        ("mismatch", {"sub": None}),
        ("mismatch", {"sub": ""}),
        ("mismatch", {"sub": 5}),
        ("malformed", {"exp": None}),
        ("mismatch", {"iat": None}),
        ("expired", {"exp": 1_000}),
        ("malformed", {"exp": "tomorrow"}),
        ("clock_skewed", {"nbf": 4_000_000_000}),
        ("insufficient", {"email_verified": False}),
        ("insufficient", {"email_verified": "true"}),
        ("insufficient", {"email": None}),
        ("insufficient", {"email": 5}),
        ("malformed", {"email": "ana"}),
        ("malformed", {"email": "ana@localhost"}),
    ],
)
def test_claims_that_do_not_fit(reason, claims, logins, provider):
    provider.claims = claims
    refused(reason, logins)


@pytest.mark.parametrize(("seconds", "reason"), [(400, "clock_skewed"), (-400, "expired")])
def test_a_provider_whose_clock_is_wrong(seconds, reason, logins, provider):
    provider.ahead = seconds
    refused(reason, logins)


def test_tokens_that_the_provider_did_not_sign(logins, provider):
    provider.signer = jwk.generate_key("EC", "P-256", {"kid": "one"})
    refused("forged", logins)
    provider.header = {"kid": "two"}
    refused("forged", logins)
    provider.signer, provider.header = jwk.generate_key("oct", 256), {"alg": "HS256"}
    refused("malformed", logins)
    for token in ("", "a.b.c", "e30.e30."):
        provider.token = token or "x"
        refused("malformed", logins)


def test_keys_change(logins, provider):
    provider.keys = [jwk.generate_key("RSA", 2048, {"kid": "new", "use": "sig"}), *provider.keys]
    provider.header = {"kid": "new", "alg": "RS256"}
    assert whole(logins)


def test_what_comes_back_must_be_of_this_login(logins):
    refused("forged", logins, state="another")
    refused("forged", logins, state="ü")
    refused("untrusted", logins, iss="https://evil.test")  # RFC 9207
    refused("malformed", logins, iss=None)
    refused("forged", logins, code="code-of-nobody")


def test_a_code_of_another_browser_is_not_taken(logins):
    """Somebody is made to come back with a code that another login has got: PKCE and the state forbid it."""
    theirs, ours = begin(logins, "acct-2"), begin(logins)
    stolen = log_in(theirs)
    with pytest.raises(Refused, match="state"):
        complete(logins, ours, stolen)
    with pytest.raises(Refused, match="invalid_grant"):
        complete(logins, ours, stolen | {"state": _state(ours)})


def test_a_login_counts_once(logins):
    begun = begin(logins)
    back = log_in(begun)
    complete(logins, begun, back)
    with pytest.raises(Refused, match="answered already"):
        complete(logins, begun, back)


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("token", text("no", 500), "unreachable"),
        ("token", text("no"), "malformed"),
        ("token", text([1]), "malformed"),
        ("token", text({}), "malformed"),
        ("token", text("[" * 5_000), "malformed"),
        ("token", text(" " * 1_200_000), "malformed"),
        ("token", RedirectResponse("http://127.0.0.1:1/"), "forged"),
        ("jwks", text({"keys": []}), "malformed"),
        ("jwks", text({"keys": [{"kty": "oct", "k": "AAAA"}, 5]}), "malformed"),
        ("jwks", text({}), "malformed"),
        ("jwks", text("gone", 404), "forged"),
    ],
)
def test_answers_of_a_broken_provider(path, answer, reason, logins, provider):
    provider.answers[path] = answer
    refused(reason, logins)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("untrusted", {"issuer": "https://evil.test"}),
        ("untrusted", {"token_endpoint": "http://evil.test/token"}),
        ("untrusted", {"jwks_uri": "file:///etc/passwd"}),
        ("untrusted", {"authorization_endpoint": "javascript:alert(1)"}),
        ("malformed", {"token_endpoint": None}),
        ("malformed", {"jwks_uri": 5}),
    ],
)
def test_a_configuration_that_leads_astray(reason, told, logins, provider):
    provider.configuration = told
    with pytest.raises(Refused) as found:
        begin(logins)
    assert found.value.reason == reason


def test_a_provider_that_is_not_there(tenant):
    with pytest.raises(Refused) as found:
        begin(at(tenant, "http://127.0.0.1:9"))
    assert found.value.reason == "unreachable"
    with pytest.raises(Refused, match="no identity provider"):
        begin(desk(tenant))


def test_one_user_behind_two_accounts_is_a_link(logins, provider):
    for account in ("acct-1", "acct-2"):
        begun = begin(logins, account)
        complete(logins, begun, log_in(begun), account)
    provider.claims = {"sub": "user-2"}
    begun = begin(logins, "acct-3")
    complete(logins, begun, log_in(begun), "acct-3")
    links = {one.kind: one.accounts for one in logins.links()}
    assert links == {"domain": ["acct-1", "acct-2", "acct-3"], "organisation_user": ["acct-1", "acct-2"]}


JSON = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
NESTED = JSON | st.lists(JSON, max_size=2) | st.dictionaries(st.text(max_size=3), JSON, max_size=2)
OFFLINE = Provider()
OFFLINE.address = "https://login.test"
CLIENT = openid.Client(issuer="https://login.test", client_id="c", secret=None, redirect_uri=BACK)
KEYS = {"keys": [OFFLINE.keys[0].as_dict(private=False)]}


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(
        ["iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "at_hash", "amr", "auth_time"]
    ),
    value=NESTED,
)
def test_any_claim_is_taken_or_refused(name, value):
    OFFLINE.claims = {name: value}
    now = Micros(int(time.time()) * SECOND)
    try:
        openid.check_id_token(
            OFFLINE.id_token("c", "n"), KEYS, client=CLIENT, nonce="n", access_token="access", now=now
        )
    except Refused:
        return
    assert name not in ("iss", "aud", "nonce")  # these alone have one right value


@given(NESTED)
def test_any_set_of_keys_is_read_or_refused(value):
    for keys in (value, {"keys": value}, {"keys": [value]}, {"keys": [KEYS["keys"][0] | {"x": value}]}):
        with pytest.raises(Refused):
            openid.check_id_token(
                "e30.e30.e30", keys, client=CLIENT, nonce="n", access_token="a", now=Micros(0)
            )
