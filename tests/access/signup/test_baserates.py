"""What a grade is worth follows from counts, and never falls as it gets louder."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.access.signup.baserates import weights

counts = st.lists(st.integers(0, 10_000), min_size=2, max_size=8)


def test_without_counts_nothing_is_evidence():
    assert np.allclose(weights(np.zeros(8), np.zeros(8)), 0)


def test_what_few_show_is_worth_more_than_what_many_do():
    rare, common = (weights(np.array([1000 - n, n]), np.zeros(2))[1] for n in (5, 400))
    assert rare > common > 0
    assert np.isclose(rare, np.log(0.5 / (6 / 1002)))


def test_what_was_never_met_is_no_rarer_than_one_sign_up():
    assert weights(np.array([98, 0]), np.zeros(2))[1] == np.log(0.5 / (1 / 100))


@given(counts, counts)
def test_louder_is_never_less(everybody, operators):
    grades = min(len(everybody), len(operators))
    worth = weights(np.array(everybody[:grades]), np.array(operators[:grades]))
    assert len(worth) == grades
    assert (np.diff(worth) >= -1e-12).all()
