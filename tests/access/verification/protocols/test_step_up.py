"""RFC 9470, by section: the challenge, and the claims that answer it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vouching import DAY, SECOND, START

from stillwatch.access.verification.api import Refused, StepUp, answers, challenge_header
from stillwatch.access.verification.protocols.step_up import level_of_acr

PARAMETER = re.compile(r'([a-z_]+)="([\x20\x21\x23-\x5b\x5d-\x7e]*)"')


def asked(level=2, *, max_age=None, values=None):
    return StepUp(
        challenge_id="challenge-1",
        account_id="acct-1",
        level=level,
        acr_values=values or [f"kyc-{one}" for one in range(level, 5)],
        max_age=max_age,
        made_at=START,
        expires_at=START + DAY,
    )


def refused(reason, claims, wanted=None, now=START):
    with pytest.raises(Refused) as found:
        answers(claims, wanted or asked(), now)
    assert found.value.reason == reason, str(found.value)


def parsed(header):
    """Scheme and parameters, by the grammar of RFC 9110; what does not fit it is an error."""
    scheme, _, rest = header.partition(" ")
    parts = [PARAMETER.fullmatch(one) for one in rest.split(", ")]
    assert all(parts), header
    return scheme, {one[1]: one[2] for one in parts}


def test_3_the_challenge_names_the_error_and_the_levels():
    scheme, told = parsed(challenge_header(["kyc-2", "kyc-3"], max_age=300))
    assert scheme == "Bearer"
    assert told["error"] == "insufficient_user_authentication"
    assert told["acr_values"] == "kyc-2 kyc-3"
    assert told["max_age"] == "300"
    assert parsed(challenge_header(["kyc-2"], scheme="DPoP"))[0] == "DPoP"
    assert "max_age" not in challenge_header(["kyc-2"])


def test_3_a_login_that_is_too_old_needs_no_level():
    _, told = parsed(challenge_header([], max_age=0))
    assert set(told) == {"error", "error_description", "max_age"}


@given(st.text(max_size=80), st.lists(st.text(max_size=10), max_size=3))
def test_3_no_text_breaks_out_of_the_header(message, values):
    header = challenge_header(values, message=message)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') % 2 == 0
    assert "\\" not in header


@pytest.mark.parametrize("acr", ["kyc-2", "kyc-3", "kyc-4"])
def test_5_a_token_of_the_level_or_above_answers(acr):
    assert answers({"acr": acr}, asked(), START) == int(acr[-1])


def test_5_a_value_of_the_operators_own_answers_where_it_was_asked_for():
    assert answers({"acr": "urn:own:gold"}, asked(values=["urn:own:gold"]), START) == 2


@pytest.mark.parametrize(
    "acr", ["kyc-1", "kyc-0", "kyc-22", "kyc-2 ", "KYC-2", "2", 2, None, [], "", "kyc-٢"]
)
def test_5_any_other_acr_does_not(acr):
    refused("insufficient", {"acr": acr})


def test_5_a_token_without_acr_does_not():
    refused("insufficient", {})


@pytest.mark.parametrize(
    ("age", "reason"), [(0, None), (300, None), (301, "insufficient"), (-59, None), (-61, "clock_skewed")]
)
def test_5_max_age_is_counted_from_auth_time(age, reason):
    claims = {"acr": "kyc-2", "auth_time": START // SECOND - age}
    if reason is None:
        assert answers(claims, asked(max_age=300), START) == 2
    else:
        refused(reason, claims, asked(max_age=300))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "insufficient"),
        ("1772424600", "insufficient"),
        (True, "insufficient"),
        (-1, "malformed"),
        (float("nan"), "malformed"),
        (float("inf"), "malformed"),
        (10**400, "malformed"),
        (START, "malformed"),
    ],
)
def test_5_auth_time_is_a_time_in_seconds(value, reason):
    refused(reason, {"acr": "kyc-2", "auth_time": value}, asked(max_age=300))


def test_5_max_age_zero_asks_for_a_login_now():
    now = START // SECOND
    assert answers({"acr": "kyc-2", "auth_time": now}, asked(max_age=0), START)
    refused("insufficient", {"acr": "kyc-2", "auth_time": now - 1}, asked(max_age=0))


def test_6_2_an_answer_to_introspection_is_judged_alike():
    told = {"active": True, "acr": "kyc-3", "auth_time": 1_772_424_500, "sub": "acct-1", "client_id": "c"}
    assert answers(told, asked(max_age=300), START) == 3


def test_a_challenge_ends():
    refused("expired", {"acr": "kyc-4"}, now=START + DAY)


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.integers())


@given(
    st.dictionaries(st.sampled_from(["acr", "auth_time", "sub"]), JSON),
    st.integers(0, 4),
    st.none() | st.integers(0, 10**6),
)
def test_any_claims_answer_or_are_refused(claims, level, max_age):
    try:
        assert answers(claims, asked(level, max_age=max_age), START) >= level
    except Refused:
        return
    assert level_of_acr(claims["acr"]) >= level
