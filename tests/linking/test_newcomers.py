import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import merged, operator, table_of

from stillwatch.linking.growth import grow, portray
from stillwatch.linking.keyring import KIND_NAMES
from stillwatch.linking.keytable import named
from stillwatch.linking.newcomers import Newcomers

CROWD = 2000
NAMES = [f"a{number}" for number in range(CROWD)]


@pytest.fixture(scope="module")
def table():
    issuer = {("payment BIN and kind", "prepaid"): range(90)}
    crowd = {("user agent", f"sdk {number}"): range(number, CROWD, 20) for number in range(20)}
    return table_of(merged(operator("one", range(60)), operator("two", range(60, 110)), issuer, crowd), CROWD)


def shown(table, accounts):
    """Keys of accounts as they stand in a table."""
    edges, owner = table.edges_of(np.array(accounts))
    for kind in sorted(set(table.kind[table.key[edges]].tolist())):
        rows = np.flatnonzero(table.kind[table.key[edges]] == kind)
        key = named(KIND_NAMES[kind], table.name[table.key[edges[rows]]])
        yield KIND_NAMES[kind], np.array(accounts)[owner[rows]], key


def newcomers(table):
    return Newcomers([portray(table, np.arange(60)), portray(table, np.arange(60, 110))], [2.0, 2.0])


def test_an_account_scores_as_a_look_would_score_it(table):
    look = grow(table, np.arange(60))
    seen = newcomers(table)
    assert seen.observe(shown(table, range(200)), NAMES)
    like = seen.likeness()
    assert like.accounts == [f"a{code}" for code in range(110)]
    assert like.portrait.tolist() == [0] * 60 + [1] * 50
    np.testing.assert_allclose(like.log_odds[:60], look.log_odds)


def test_one_family_alone_speaks_for_nobody(table):
    seen = newcomers(table)
    seen.observe([one for one in shown(table, range(60)) if one[0] == "text fragment"], NAMES)
    assert seen.likeness().accounts == []


def test_without_portraits_nobody_is_like_one(table):
    seen = Newcomers([], [])
    assert not seen.observe(shown(table, range(60)), NAMES)
    assert seen.likeness().accounts == []


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_order_cuts_and_repeats_change_nothing(table, data):
    parts = list(shown(table, range(0, 200, 7)))
    single = [
        (kind, accounts[row : row + 1], keys[row : row + 1])
        for kind, accounts, keys in parts
        for row in range(len(accounts))
    ]
    whole = newcomers(table)
    whole.observe(parts, NAMES)
    mixed = data.draw(st.permutations(single + single[: data.draw(st.integers(0, len(single)))]))
    cut = data.draw(st.integers(0, len(mixed)))
    pieces = newcomers(table)
    for piece in (mixed[:cut], mixed[cut:]):
        pieces.observe(piece, NAMES)
    one, other = whole.likeness(), pieces.likeness()
    at = np.argsort(other.accounts)
    assert sorted(one.accounts) == [other.accounts[row] for row in at]
    np.testing.assert_array_equal(one.log_odds[np.argsort(one.accounts)], other.log_odds[at])
