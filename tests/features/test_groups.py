import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.features.groups import Groups

SETS = st.lists(st.lists(st.integers(0, 9), max_size=6, unique=True), max_size=5)
ROWS = st.lists(st.none() | st.floats(-100, 100), min_size=10, max_size=10)


def groups(sets):
    return Groups.of([np.array(members, np.int64) for members in sets])


@given(SETS, st.lists(st.floats(-100, 100), min_size=10, max_size=10))
def test_totals_are_sums_over_each_set(sets, rows):
    total = groups(sets).total(np.array(rows))
    assert total == pytest.approx([sum(rows[i] for i in members) for members in sets], abs=1e-9)


@given(SETS, ROWS)
def test_means_leave_unknown_values_out(sets, rows):
    values = np.array([np.nan if row is None else row for row in rows])
    mean, error = groups(sets).mean(values)
    for i, members in enumerate(sets):
        known = [rows[j] for j in members if rows[j] is not None]
        if not known:
            assert np.isnan(mean[i])
        else:
            assert mean[i] == pytest.approx(np.mean(known), abs=1e-9)
        if len(known) < 2:
            assert np.isnan(error[i])
        else:
            assert error[i] == pytest.approx(np.std(known, ddof=1) / len(known) ** 0.5, abs=1e-6)


def test_weights_count_as_so_many_accounts():
    mean, _ = groups([[0, 1]]).mean(np.array([1.0, 4.0]), np.array([2.0, 1.0]))
    assert mean.tolist() == [2.0]


def test_sets_may_be_empty_and_overlap():
    made = groups([[], [1, 2], [2]])
    assert len(made) == 3
    assert made.sizes.tolist() == [0, 2, 1]
    assert made.owner.tolist() == [1, 1, 2]
    assert made.total(np.ones((3, 2))).tolist() == [[0, 0], [2, 2], [1, 1]]
    assert len(groups([])) == 0
