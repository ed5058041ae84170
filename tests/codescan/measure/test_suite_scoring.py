from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.codescan.measure.categories import answers
from stillwatch.codescan.measure.scoring import Hit, Rates, hit_names, score, wilson
from stillwatch.codescan.measure.suite import Case, Suite

CASES = [Case(f"c{number}", "sqli", number < 4, 89) for number in range(10)]
SUITE = Suite(Path("anywhere"), CASES)


def test_a_hit_is_any_answering_weakness_on_the_file_of_the_case():
    hits = [
        Hit("testcode/c0.py", 943),
        Hit("testcode/c1.py", 79),
        Hit("c2.py", 89),
        Hit("testcode/c9.py", 89),
    ]
    assert hit_names(SUITE, hits) == {"c0", "c9"}


def test_a_category_without_an_entry_is_answered_by_its_own_number():
    assert answers("something new", 1234) == {1234}


def test_youden_is_recall_less_false_alarms():
    rates = score(CASES, {"c0", "c1", "c2", "c9"}).rates["sqli"]
    assert rates == Rates(3, 4, 1, 6)
    assert rates.youden == pytest.approx(3 / 4 - 1 / 6)


def test_flagging_everything_is_worth_nothing():
    assert score(CASES, {case.name for case in CASES}).macro == 0


def test_the_macro_mean_weighs_categories_alike():
    small = [Case("s1", "xxe", True, 611), Case("s2", "xxe", False, 611)]
    assert score([*CASES, *small], {"s1"}).macro == 0.5


def test_a_category_with_one_kind_of_answer_does_not_count():
    only = [Case("s1", "xxe", True, 611)]
    assert score([*CASES, *only], {"s1"}).rates.keys() == {"sqli"}
    assert score(only, {"s1"}).macro == 0


@given(st.integers(1, 60).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_wilson_holds_the_share_and_stays_a_probability(counts):
    low, high = wilson(*counts)
    assert 0 <= low <= counts[0] / counts[1] + 1e-12
    assert counts[0] / counts[1] - 1e-12 <= high <= 1


def test_newcombe_as_published():
    """56 of 70 against 48 of 80, the example of Newcombe's paper of 1998: .0524 to .3339."""
    low, high = Rates(56, 70, 48, 80).interval
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_intervals_narrow_with_more_cases():
    few, many = Rates(3, 4, 1, 6).interval, Rates(300, 400, 100, 600).interval
    assert few[1] - few[0] > 4 * (many[1] - many[0])


def test_the_interval_of_the_macro_mean_holds_it_and_is_the_same_each_time():
    scored = score(CASES, {"c0", "c1", "c9"})
    low, high = scored.macro_interval
    assert low <= scored.macro <= high
    assert low < high
    assert scored == score(CASES, {"c0", "c1", "c9"})
