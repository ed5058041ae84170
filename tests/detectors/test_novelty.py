from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detectors import catalogue
from stillwatch.features.groups import Groups

ACCOUNTS = 3
SPREAD = 0x9E3779B97F4A7C15  # so that small numbers lie in slots of their own


def shares(*batches):
    """Share of new items of each account, after batches of (account, item)."""
    detector = catalogue()["novelty"]()
    for rows in batches:
        account, item = np.array(rows, np.uint64).reshape(-1, 2).T
        spread = np.where(item > 0, item * np.uint64(SPREAD) | np.uint64(1), np.uint64(0))
        detector.observe(SimpleNamespace(account=account.astype(np.int64), item=spread, accounts=ACCOUNTS))
    groups = Groups.of([np.array([account]) for account in range(ACCOUNTS)])
    return detector.measure(groups, SimpleNamespace(ledger=range(ACCOUNTS))).value


def test_what_any_account_has_asked_before_is_not_new():
    np.testing.assert_array_equal(shares([(0, 7), (1, 7), (1, 8), (0, 7), (0, 0)]), [0.5, 0.5, np.nan])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=25), st.integers(0, 25))
def test_any_cut_counts_first_askings(rows, cut):
    asked, new = np.zeros(ACCOUNTS), np.zeros(ACCOUNTS)
    seen = set()
    for account, item in rows:
        if item:
            asked[account] += 1
            new[account] += item not in seen
            seen.add(item)
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(shares(rows[:cut], rows[cut:]), new / asked)
