"""Times written and read back."""

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.records import micros_of, rfc3339


@given(st.integers(0, 4_102_444_800_000_000))
def test_times_read_back(micros):
    assert micros_of(rfc3339(micros)) == micros


@given(st.lists(st.integers(0, 4_102_444_800_000_000)))
def test_text_order_is_time_order(times):
    assert sorted(map(rfc3339, times)) == [rfc3339(time) for time in sorted(times)]
