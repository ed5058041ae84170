import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from tables import merged, operator, table_of

from stillwatch.linking.cuts import are_two, leading, least_cut, sparse_leading

SELLER = (
    ("payment BIN and kind", "prepaid of one shop"),
    ("autonomous system", "hosting"),
    ("tools", "bash"),
)
CROWD = 2000


def everybody():
    """Everyday accounts: some hold what the seller's customers hold."""
    return {key: range(1000, 1000 + 120) for key in SELLER}


def test_two_operators_of_one_seller_fall_apart():
    first, second = range(60), range(60, 100)
    held = merged(operator("one", first, shared=SELLER), operator("two", second, shared=SELLER), everybody())
    table = table_of(held, CROWD)
    side = least_cut(table, np.arange(100), 5)
    assert {frozenset(np.flatnonzero(side)), frozenset(np.flatnonzero(~side))} == {
        frozenset(first),
        frozenset(second),
    }
    assert are_two(table, np.arange(60), np.arange(60, 100))


@pytest.mark.parametrize("lots", [2, 3, 5])
def test_lots_of_one_operator_stay_together(lots):
    table = table_of(merged(operator("one", range(90), cards=lots, exits=lots), everybody()), CROWD)
    assert least_cut(table, np.arange(90), 5) is None
    assert not are_two(table, np.arange(0, 90, lots), np.setdiff1d(np.arange(90), np.arange(0, 90, lots)))


def test_a_second_pool_with_other_cards_and_exits_but_the_same_texts_is_the_same_cluster():
    texts = {("text fragment", f"injected {number}"): range(80) for number in range(3)}
    pools = (operator("first pool", range(40), texts=0), operator("second pool", range(40, 80), texts=0))
    table = table_of(merged(texts, *pools, everybody()), CROWD)
    assert not are_two(table, np.arange(40), np.arange(40, 80))


def test_an_event_whose_guests_signed_up_in_the_operators_hours_falls_off():
    """They came by one link over one network, write texts of their own, and have the tools of the day."""
    guests = range(60, 105)
    held = merged(
        operator("one", range(60), shared=SELLER),
        {(kind, "event"): guests for kind in ("network prefix", "sign-up network", "referral")},
        {("sign-up window", "evening"): [*range(20), *guests], ("tools", "bash"): guests},
        {("text fragment", f"guest {guest}"): [guest, guest + 1000] for guest in guests},
        everybody(),
    )
    table = table_of(held, CROWD)
    side = least_cut(table, np.arange(105), 5)
    assert {frozenset(np.flatnonzero(side)), frozenset(np.flatnonzero(~side))} == {
        frozenset(range(60)),
        frozenset(guests),
    }


@pytest.mark.parametrize("strangers", [20, 40, 60])
def test_two_pools_that_send_the_same_texts_are_one_cluster_however_common_what_they_share_is(strangers):
    common = [*range(80), *range(1000, 1000 + strangers)]
    texts = {("text fragment", f"injected {number}"): common for number in range(3)}
    fashion = {("tools", "bash"): common, ("sign-up window", "evening"): common}
    table = table_of(merged(texts, fashion, *pools(range(40), range(40, 80))), CROWD)
    assert not are_two(table, np.arange(40), np.arange(40, 80))


def test_that_texts_were_not_kept_sets_no_accounts_apart():
    """Of half of an operator's accounts they were."""
    common = [*range(80), *range(1000, 1060)]
    texts = {("text fragment", f"injected {number}"): range(40) for number in range(3)}
    fashion = {("tools", "bash"): common, ("sign-up window", "evening"): common}
    kinds = ("payment instrument", "network prefix")
    table = table_of(merged(texts, fashion, *pools(range(40), range(40, 80), kinds=kinds)), CROWD)
    assert not are_two(table, np.arange(40), np.arange(40, 80))


def pools(*lots, kinds=("payment instrument", "network prefix", "shared session")):
    """Lots with keys of their own."""
    return [{(kind, f"pool {number}"): lot for kind in kinds} for number, lot in enumerate(lots)]


def test_without_texts_operators_of_one_seller_fall_apart_and_lots_of_one_operator_do_not():
    held = merged(
        operator("one", range(60), texts=0, shared=[*SELLER, ("tools", "one's")]),
        operator("two", range(60, 100), texts=0, shared=[*SELLER, ("tools", "two's")]),
        everybody(),
    )
    table = table_of(held, CROWD)
    assert are_two(table, np.arange(60), np.arange(60, 100))
    assert not are_two(table, np.arange(0, 60, 4), np.setdiff1d(np.arange(60), np.arange(0, 60, 4)))


def test_accounts_that_share_nothing_cannot_be_cut():
    table = table_of({("address", str(account)): [account] for account in range(30)}, CROWD)
    assert least_cut(table, np.arange(30), 5) is None


def test_a_large_cluster_is_cut_without_a_dense_matrix(monkeypatch):
    monkeypatch.setattr("stillwatch.linking.cuts.DENSE", 0)
    held = merged(operator("one", range(300), shared=SELLER), operator("two", range(300, 500), shared=SELLER))
    side = least_cut(table_of(held, CROWD), np.arange(500), 5)
    assert sorted([side[:300].all(), side[300:].all()]) == [False, True]
    assert side[:300].any() != side[300:].any()


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(40)))
def test_the_order_of_accounts_does_not_matter(order):
    place = dict(enumerate(order))
    held = merged(operator("one", range(25), shared=SELLER), operator("two", range(25, 40), shared=SELLER))
    renamed = {key: [place[member] for member in members] for key, members in held.items()}
    side = least_cut(table_of(renamed, CROWD), np.arange(40), 5)
    one = frozenset(place[member] for member in range(25))
    assert one in (frozenset(np.flatnonzero(side)), frozenset(np.flatnonzero(~side)))


@pytest.mark.parametrize("shape", [(30, 50), (50, 30), (20, 20)])
def test_leading_vectors_are_those_of_the_singular_value_decomposition(shape):
    matrix = np.random.default_rng(5).random(shape)
    vectors, values = leading(matrix, 5)
    left, expected, _ = np.linalg.svd(matrix)
    np.testing.assert_allclose(values[::-1], expected[:5], rtol=1e-9)
    np.testing.assert_allclose(abs(np.sum(vectors[:, ::-1] * left[:, :5], axis=0)), 1, rtol=1e-9)
    sparse, same = sparse_leading(csr_array(matrix), 5)
    np.testing.assert_allclose(same, values, rtol=1e-6)
    np.testing.assert_allclose(abs(np.sum(sparse * vectors, axis=0)), 1, rtol=1e-6)


def test_a_cut_of_equal_blocks_can_be_repeated(monkeypatch):
    monkeypatch.setattr("stillwatch.linking.cuts.DENSE", 0)
    lots = [operator(f"lot {lot}", range(lot * 60, lot * 60 + 60)) for lot in range(6)]
    table = table_of(merged(*lots, {("tools", "all of them"): range(360)}), CROWD)
    sides = {tuple(least_cut(table, np.arange(360), 5).tolist()) for _ in range(4)}
    assert len(sides) == 1
