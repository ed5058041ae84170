"""Counting keys between times, against counting by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.access.signup import keytimes
from stillwatch.access.signup.keytimes import LATEST, TIME_BITS, KeyTimes, seconds

entries = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), max_size=40)


def columns(pairs):
    keys, times = np.array(pairs, np.int64).reshape(-1, 2).T
    return (keys + 1).astype(np.uint64) << np.uint64(TIME_BITS), times


@given(
    first=entries,
    second=entries,
    gone=st.integers(0, 40),
    begin=st.integers(0, 30),
    least=st.sampled_from([1, 4_096]),
)
def test_counts_are_those_of_a_list(first, second, gone, begin, least):
    held, keytimes.RECENT = keytimes.RECENT, least
    try:
        times = KeyTimes()
        times.add(*columns(first))
        times.add(*columns(second))
        left = first + second
        out, left = left[:gone], left[gone:]
        times.remove(*columns(out))
        times.forget(begin)
    finally:
        keytimes.RECENT = held
    left = [(key, at) for key, at in left if at >= begin]
    asked = [(key, low, high) for key in range(5) for low in (-5, 0, 7, 20) for high in (-1, 7, 19, 40)]
    keys, _ = columns([(key, 0) for key, _, _ in asked])
    counted = times.count(
        keys, np.array([low for _, low, _ in asked]), np.array([high for *_, high in asked])
    )
    assert counted.tolist() == [
        sum(other == key and low <= at <= high for other, at in left) for key, low, high in asked
    ]
    assert len(times) == len(left)


def test_a_clock_that_is_wrong_stays_in_range():
    assert seconds(np.array([-(2**62), 0, 2**62])).tolist() == [0, 0, LATEST]
