from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.features.active_days import DAY, ActiveDays


def count(*batches):
    days = ActiveDays()
    for rows in batches:
        ts, account = np.array(rows, np.int64).reshape(-1, 2).T
        days.observe(SimpleNamespace(ts=ts, account=account, accounts=4))
    return days.upto(4).tolist()


def test_days_are_counted_once():
    assert count([(1, 0), (2, 0), (DAY - 1, 0), (DAY, 0), (5 * DAY, 0), (5 * DAY, 1)]) == [3, 1, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 5 * DAY), st.integers(0, 3)), max_size=30), st.integers(0, 30))
def test_any_cut_gives_the_number_of_distinct_days(rows, cut):
    rows = sorted(rows)
    expected = [len({ts // DAY for ts, who in rows if who == account}) for account in range(4)]
    assert count(rows[:cut], rows[cut:]) == expected
