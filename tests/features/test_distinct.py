"""Distinct values by one unstable sort say what numpy.unique says."""

import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from stillwatch.features.distinct import counted, distinct, grouped, rank_within, stable_order

SHAPE = st.integers(0, 60)
FEW = arrays.arrays(np.int64, SHAPE, elements=st.integers(0, 9))
MANY = arrays.arrays(np.uint64, SHAPE, elements=st.integers(0, 2**64 - 1))


@given(FEW | MANY)
def test_values_rows_and_counts_are_those_of_unique(values):
    expected, first, which, counts = np.unique(
        values, return_index=True, return_inverse=True, return_counts=True
    )
    groups = grouped(values)
    np.testing.assert_array_equal(groups.values, expected)
    np.testing.assert_array_equal(groups.first, first)
    np.testing.assert_array_equal(groups.which, which)
    np.testing.assert_array_equal(groups.counts, counts)
    np.testing.assert_array_equal(distinct(values), expected)
    np.testing.assert_array_equal(counted(values)[0], expected)
    np.testing.assert_array_equal(counted(values)[1], counts)


@given(FEW | arrays.arrays(np.int64, SHAPE, elements=st.integers(0, 2**63 - 1)))
def test_the_stable_order_keeps_equal_rows_as_they_stand(values):
    np.testing.assert_array_equal(stable_order(values), np.argsort(values, kind="stable"))


@given(FEW)
def test_the_rank_counts_equal_entries_before(values):
    ordered = np.sort(values)
    expected = [int((ordered[:at] == value).sum()) for at, value in enumerate(ordered)]
    np.testing.assert_array_equal(rank_within(ordered), expected)
