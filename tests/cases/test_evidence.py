"""When evidence has grown enough that a clearing lapses, and when it has not."""

import pytest
from composed_campaigns import campaign
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.cases.evidence import growth, weighed

LOUD = {"shared_payment": 1.1, "no_ramp": 1.3, "sustained": 0.7}


def grew(*, whole=True, accounts=40, log_e=12.0, strengths=None):
    now = campaign(accounts=accounts, log_e=log_e, strengths=strengths or LOUD)
    return growth(weighed(campaign(strengths=LOUD)), weighed(now), whole=whole)


@given(
    log_e=st.floats(-5, 2.99),
    noise=st.lists(st.floats(-0.24, 0.24), min_size=3, max_size=3),
    more=st.integers(0, 39),
)
def test_noise_does_not_lapse_a_clearing(log_e, noise, more):
    strengths = {name: value + off for (name, value), off in zip(LOUD.items(), noise, strict=True)}
    assert grew(log_e=12.0 + log_e, strengths=strengths, accounts=40 + more) is None


def test_many_detectors_that_rise_a_little_are_noise():
    quiet = {f"detector_{number}": 0.2 for number in range(30)}
    risen = {f"detector_{number}": 0.45 for number in range(30)}
    then, now = (weighed(campaign(strengths=strengths)) for strengths in (quiet, risen))
    assert growth(then, now, whole=True) is None


def test_a_larger_e_value_lapses_it():
    assert grew(log_e=15.0) == "the log e-value grew from 12.0 to 15.0"


def test_detectors_that_were_silent_lapse_it_though_the_e_value_is_capped():
    why = grew(strengths=LOUD | {"load_balancing": 1.5, "failover": 1.5})
    assert why == "detectors say more than they did: failover, load_balancing"
    assert grew(strengths=LOUD | {"load_balancing": 1.5}) is None


@pytest.mark.parametrize(("whole", "lapses"), [(True, True), (False, False)])
def test_twice_the_accounts_lapse_a_dismissal(whole, lapses):
    assert (grew(accounts=80, whole=whole) is not None) == lapses


@given(log_e=st.floats(-20, 0))
def test_less_evidence_never_lapses_it(log_e):
    assert grew(log_e=12.0 + log_e, strengths={"no_ramp": 0.1}, accounts=3) is None
