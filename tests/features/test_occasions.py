from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.features.occasions import Occasions

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), max_size=30)


def batch(rows):
    account, session, conversation = np.array(rows, np.int64).reshape(-1, 3).T
    return SimpleNamespace(
        account=account,
        session=session.astype(np.uint64),
        conversation=conversation.astype(np.uint64),
        accounts=4,
    )


def opened(*batches):
    occasions = Occasions()
    return [bool(one) for rows in batches for one in occasions.opened(batch(rows))]


def test_going_on_with_a_session_opens_nothing():
    assert opened([(0, 7, 0), (0, 7, 0), (1, 7, 0), (0, 8, 0)]) == [True, False, True, True]


def test_without_a_session_the_conversation_tells_and_without_both_each_exchange_is_one():
    assert opened([(0, 0, 5), (0, 0, 5), (0, 0, 0), (0, 0, 0)]) == [True, False, True, True]


@given(ROWS, st.integers(0, 30))
def test_any_cut_gives_the_same(rows, cut):
    assert opened(rows) == opened(rows[:cut], rows[cut:])
