"""What a challenge shows: an e-value that is one under chance, bounded shifts, exact intervals."""

from math import exp, isclose

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from stillwatch.access.levels.policy import Expected
from stillwatch.access.levels.weighing import (
    MOST_OF_ACCOUNT,
    MOST_OF_CLUSTER,
    interval,
    log_e_value,
    shifts,
    weigh,
)
from stillwatch.cases.challenge_records import Challenge, Challenged
from stillwatch.records import Micros

EXPECTED = Expected(legitimate=0.8, operator=0.1, worth=20)
SIZES = st.integers(0, 60)


@settings(max_examples=60, deadline=None)
@given(cluster=st.integers(1, 40), control=st.integers(1, 15), data=st.data())
def test_the_e_value_is_one_on_average_where_all_are_alike(cluster, control, data):
    left = data.draw(st.integers(1, cluster + control - 1))
    chance = hypergeom(cluster + control, cluster, left)
    counts = range(max(0, left - control), min(left, cluster) + 1)
    mean = sum(chance.pmf(one) * exp(log_e_value(one, cluster, left - one, control)) for one in counts)
    assert isclose(mean, 1.0, rel_tol=1e-6)


def test_a_cluster_that_scatters_gains_and_one_that_passes_as_others_do_loses():
    assert log_e_value(140, 146, 0, 5) > 4
    assert log_e_value(10, 50, 10, 50) < 0
    assert log_e_value(0, 50, 0, 5) == 0.0
    assert log_e_value(30, 50, 0, 0) == 0.0


@given(SIZES, SIZES, SIZES, SIZES)
def test_shifts_are_bounded_and_of_their_sign(cluster, more, control, other):
    rate, passing, scattering = shifts(cluster, cluster + more, control, control + other, EXPECTED)
    assert 0 < rate < 1
    assert -MOST_OF_ACCOUNT <= passing <= 0 <= scattering <= MOST_OF_ACCOUNT


def test_where_the_cluster_passes_as_the_others_do_passing_says_nothing():
    _, passing, scattering = shifts(1000, 1000, 990, 1000, EXPECTED)
    assert passing > -0.05
    assert scattering < 0.8


@given(st.integers(0, 200), st.integers(0, 200))
def test_an_interval_holds_its_rate(passed, left):
    low, high = interval(passed, passed + left)
    assert 0 <= low <= high <= 1
    if passed + left:
        assert low <= passed / (passed + left) <= high
    else:
        assert (low, high) == (0.0, 1.0)


def challenge(passed, left, control_passed=0, control_left=0):
    answers = [("passed", False)] * passed + [("silent", False)] * left
    answers += [("passed", True)] * control_passed + [("failed", True)] * control_left
    asked = {
        f"a-{number}": Challenged(
            account_id=f"a-{number}",
            control=control,
            first=True,
            since=Micros(0),
            deadline=Micros(5),
            answer=answer,
        )
        for number, (answer, control) in enumerate(answers)
    }
    return Challenge(
        challenge_id=f"ch-{passed}-{left}",
        campaign_id="c",
        level=2,
        opened_at=Micros(0),
        deadline=Micros(5),
        asked=asked,
    )


def test_control_groups_of_earlier_challenges_tell_of_the_usual_rate():
    mine = challenge(2, 40, 2, 0)
    alone = weigh(mine, [], EXPECTED, Micros(9))
    helped = weigh(mine, [mine, challenge(0, 5, 10, 90)], EXPECTED, Micros(9))
    assert (alone.cluster_passed, alone.cluster, alone.control_passed, alone.control) == (2, 42, 2, 2)
    assert helped.pass_rate < alone.pass_rate
    assert helped.pass_high < alone.pass_high
    assert helped.log_e_value == alone.log_e_value <= MOST_OF_CLUSTER
    assert alone.passing < helped.passing <= 0


def test_whom_a_person_excused_and_who_joined_later_is_not_counted():
    mine = challenge(3, 7, 1, 0)
    mine.asked["a-0"].answer = "excused"
    mine.asked["a-1"].first = False
    found = weigh(mine, [], EXPECTED, Micros(9))
    assert (found.cluster_passed, found.cluster) == (1, 8)


def test_expectations_alone_say_what_is_stated():
    _, passing, scattering = shifts(0, 0, 0, 0, EXPECTED)
    assert isclose(passing, -2.0794415, rel_tol=1e-6)
    assert isclose(scattering, 1.5040774, rel_tol=1e-6)
