"""Challenges that are kept: asked of one or of many, answered once, by a token of the right account."""

import json

import pytest
from joserfc import jwk, jwt
from vouching import DAY, SECOND, START, Clock, kinds, office

from stillwatch.access.verification.api import Refused, StepUps
from stillwatch.cases import api
from stillwatch.records import InvalidConfiguration, UsageError

SERVER = jwk.generate_key("EC", "P-256", {"kid": "k1"})
NOW = START // SECOND


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [SERVER.as_dict(private=False)]}))
    return tmp_path


@pytest.fixture
def shared(folder):
    tokens = {"issuer": "https://login.example.com", "audience": "api", "jwks": "jwks.json"}
    return office(folder, access_tokens=tokens)


@pytest.fixture
def ups(tenant, shared):
    return StepUps(tenant, shared)


def token(*, key=SERVER, header=(), **claims):
    said = {
        "iss": "https://login.example.com",
        "aud": "api",
        "sub": "acct-1",
        "iat": NOW,
        "exp": NOW + 300,
        "jti": "1",
        "client_id": "c",
        "acr": "kyc-2",
        "auth_time": NOW,
    } | claims
    told = {"alg": "ES256", "typ": "at+jwt", "kid": "k1"} | dict(header)
    return jwt.encode(told, {name: value for name, value in said.items() if value is not None}, key)


def test_a_challenge_is_answered_once(ups, tenant):
    (asked,) = ups.ask(["acct-1"], 2, max_age=300)
    assert asked.acr_values == ["kyc-2", "kyc-3", "kyc-4"]
    assert ups.standing("acct-1") == [asked]
    assert ups.answer_token(asked.challenge_id, "acct-1", token()).level == 2
    assert ups.standing("acct-1") == []
    with pytest.raises(Refused, match="answered already"):
        ups.answer_token(asked.challenge_id, "acct-1", token())
    assert kinds(tenant) == ["step_up_asked", "step_up_answered"]


def test_a_challenge_is_its_accounts(ups):
    asked, _ = ups.ask(["acct-1", "acct-2"], 2)
    with pytest.raises(Refused, match="another account"):
        ups.answer(asked.challenge_id, "acct-2", {"acr": "kyc-4"})
    with pytest.raises(Refused, match="of another account"):
        ups.answer_token(asked.challenge_id, "acct-1", token(sub="acct-2"))
    with pytest.raises(Refused, match="nothing of step_up"):
        ups.answer("challenge-of-nobody", "acct-1", {"acr": "kyc-4"})


def test_a_challenge_expires_and_too_weak_a_token_does_not_use_it_up(ups, clock, shared):
    (asked,) = ups.ask(["acct-1"], 3, lives=DAY)
    with pytest.raises(Refused, match="kyc-3 or higher"):
        ups.answer_token(asked.challenge_id, "acct-1", token())
    assert ups.answer_token(asked.challenge_id, "acct-1", token(acr="kyc-4")).level == 4
    (other,) = ups.ask(["acct-1"], 3, lives=DAY)
    clock.now = other.expires_at
    with pytest.raises(Refused, match="expired"):
        ups.answer(other.challenge_id, "acct-1", {"acr": "kyc-4"})
    assert ups.standing("acct-1") == []
    assert shared.refusals() == {("step_up", "insufficient"): 1, ("step_up", "expired"): 1}


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("forged", {"key": jwk.generate_key("EC", "P-256", {"kid": "k1"})}),
        ("forged", {"header": {"kid": "k2"}}),
        ("malformed", {"header": {"typ": "JWT"}}),
        ("untrusted", {"iss": "https://evil.test"}),
        ("mismatch", {"aud": "other"}),
        ("mismatch", {"aud": ["other"]}),
        ("mismatch", {"aud": None}),
        ("expired", {"exp": NOW - 61}),
        ("malformed", {"exp": None}),
        ("malformed", {"exp": "soon"}),
        ("malformed", {"sub": None}),
        ("clock_skewed", {"iat": NOW + 61}),
        ("clock_skewed", {"nbf": NOW + 61}),
        ("clock_skewed", {"auth_time": NOW + 61}),
    ],
)
def test_a_token_that_is_not_genuine_or_not_for_us(reason, told, ups):
    (asked,) = ups.ask(["acct-1"], 2, max_age=300)
    with pytest.raises(Refused) as found:
        ups.answer_token(asked.challenge_id, "acct-1", token(**told))
    assert found.value.reason == reason, str(found.value)


def test_an_audience_may_be_one_of_several(ups):
    (asked,) = ups.ask(["acct-1"], 2)
    assert ups.answer_token(asked.challenge_id, "acct-1", token(aud=["other", "api"]))


def test_a_cluster_is_asked_at_once(ups, tenant):
    """In one transaction, each account in an entry of its own."""
    names = [f"acct-{number}" for number in range(3_000)]
    made = ups.ask(names, 2, by="ana")
    assert [one.account_id for one in made] == names
    assert len({one.challenge_id for one in made}) == 3_000
    assert api.verify_lines(api.stored_lines(tenant)).holds
    assert len(kinds(tenant)) == 3_000


def test_what_cannot_be_asked(ups, tenant):
    for wrong in ({"level": 5}, {"level": -1}, {"lives": 0}, {"max_age": -1}, {"accounts": [""]}):
        with pytest.raises(UsageError):
            ups.ask(**({"accounts": ["acct-1"], "level": 2} | wrong))
    assert ups.ask([], 2) == []
    (asked,) = StepUps(tenant, office()).ask(["acct-1"], 2)
    with pytest.raises(InvalidConfiguration, match="access_tokens"):
        StepUps(tenant, office()).answer_token(asked.challenge_id, "acct-1", token())


def test_keys_are_read_anew_and_must_be_there(ups, folder):
    (asked,) = ups.ask(["acct-1"], 2)
    other = jwk.generate_key("EC", "P-256", {"kid": "k9"})
    (folder / "jwks.json").write_text(json.dumps({"keys": [{"kty": "odd"}, other.as_dict(private=False)]}))
    assert ups.answer_token(asked.challenge_id, "acct-1", token(key=other, header={"kid": "k9"}))
    for broken in ("", "[]", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "AA"}]}'):
        (folder / "jwks.json").write_text(broken)
        with pytest.raises(InvalidConfiguration, match=r"jwks\.json"):
            ups.answer_token(asked.challenge_id, "acct-1", token())


def test_old_challenges_are_deleted_in_time(tenant, shared, clock):
    ups = StepUps(tenant, shared)
    (old,) = ups.ask(["acct-1"], 2, lives=DAY)
    clock.now += 32 * DAY
    ups.ask(["acct-2"], 2)
    with pytest.raises(Refused, match="nothing of step_up"):
        ups.answer(old.challenge_id, "acct-1", {"acr": "kyc-2"})
    assert isinstance(clock, Clock)
