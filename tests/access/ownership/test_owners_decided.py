"""Rules on owners: worked out by hand, against a dense solution, and laws that hold for every graph."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.access.ownership import ANSWERS, Facts, Holdings, Rule, build, decide, ruling
from stillwatch.access.tabular import Rejected
from stillwatch.lab.benches.access_by_hand import CASES, wrong_answers

DAY = date(2026, 1, 1)
NAMES = "abcdefgh"


def rule(compare=">", reading="product", *, aggregate=True, owners="listed", threshold=0.5):
    return Rule("r", "a rule", owners, threshold, compare, reading, aggregate=aggregate, source="a test")


def holdings(edges):
    owner, owned, share = zip(*edges, strict=True) if edges else ((), (), ())
    table = pa.table(
        {
            "owner": pa.array(owner, pa.string()),
            "owned": pa.array(owned, pa.string()),
            "share": pa.array(share, pa.float64()),
        }
    )
    return Holdings(table, Rejected(), 0)


def shares(edges, listed, **what):
    """Product and control share of each entity."""
    graph = build(holdings(edges))
    (outcome,) = decide(graph, [rule(**what)], DAY, listed=listed, not_served=())
    ids = graph.ids.to_pylist()
    return (
        dict(zip(ids, outcome.product.share.tolist(), strict=True)),
        dict(zip(ids, outcome.control.share.tolist(), strict=True)),
        dict(zip(ids, outcome.product.answer.tolist(), strict=True)),
        dict(zip(ids, outcome.control.answer.tolist(), strict=True)),
    )


edges = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([0.05, 0.2, 0.3, 0.5, 0.51, 1.0])
    ),
    max_size=20,
    unique_by=lambda edge: edge[:2],
)
some = st.sets(st.sampled_from(NAMES), max_size=3)


def test_every_answer_is_the_one_worked_out_by_hand():
    wrong, asked = wrong_answers()
    assert wrong == []
    assert asked >= 4 * len(CASES)


@given(edges, some)
@settings(max_examples=60)
def test_renaming_entities_changes_nothing(found, listed):
    other = {name: f"entity {NAMES[::-1].index(name)}" for name in NAMES}
    before = shares(found, listed)
    after = shares([(other[a], other[b], share) for a, b, share in found], {other[name] for name in listed})
    for one, same in zip(before, after, strict=True):
        assert {other[name]: pytest.approx(value, abs=1e-9) for name, value in one.items()} == same


@given(edges, some, st.randoms())
@settings(max_examples=40)
def test_the_order_of_rows_changes_nothing(found, listed, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    for one, same in zip(shares(found, listed), shares(mixed, listed), strict=True):
        assert same == pytest.approx(one, abs=1e-9)


@given(edges, some, st.sampled_from(NAMES), st.sampled_from([0.1, 0.5, 1.0]))
@settings(max_examples=100)
def test_a_new_holding_of_a_listed_owner_lowers_no_share(found, listed, owned, share):
    without = [edge for edge in found if edge[:2] != ("z", owned)]
    before = shares([*without, ("z", "other", 0.1)], {*listed, "z"})
    after = shares([*without, ("z", "other", 0.1), ("z", owned, share)], {*listed, "z"})
    for one, more in zip(before, after, strict=True):
        assert all(more[name] >= value - 1e-9 for name, value in one.items())


@given(edges, some)
@settings(max_examples=60)
def test_one_more_listed_owner_lowers_no_share(found, listed):
    for one, more in zip(shares(found, listed), shares(found, {*listed, "a"}), strict=True):
        assert all(more[name] >= value - 1e-9 for name, value in one.items())


@given(edges, some)
@settings(max_examples=60)
def test_shares_are_parts_of_a_whole_and_doubt_only_adds(found, listed):
    graph = build(holdings(found))
    (outcome,) = decide(graph, [rule()], DAY, listed=listed, not_served=())
    for side in (outcome.product, outcome.control):
        assert np.all((side.share >= 0) & (side.share <= side.at_most + 1e-9) & (side.at_most <= 1 + 1e-9))


@given(edges, some)
@settings(max_examples=40)
def test_one_owner_alone_has_no_more_than_all_together(found, listed):
    together = shares(found, listed)
    alone = shares(found, listed, aggregate=False)
    for which in (0, 1):
        assert all(alone[which][name] <= value + 1e-9 for name, value in together[which].items())


def test_one_owner_alone():
    found = [("p", "a", 0.4), ("q", "a", 0.4), ("p", "b", 0.6), ("b", "c", 0.9)]
    product, control, by_product, by_control = shares(found, {"p", "q"}, aggregate=False)
    assert by_product["a"] != ANSWERS.index("met") != by_control["a"]
    assert product["c"] == pytest.approx(0.54)
    assert control["c"] == pytest.approx(0.9)
    met = shares(found, {"p", "q"}, aggregate=True)[2]
    assert met["a"] == ANSWERS.index("met")


def test_a_very_long_chain_and_a_very_tight_ring_are_exact():
    length = 3000
    chain = [(f"n{at}", f"n{at + 1}", 0.9999) for at in range(length)]
    ring = [("p", "r0", 0.0001), *((f"r{at}", f"r{(at + 1) % 7}", 0.9999) for at in range(7))]
    product, control, *_ = shares([*chain, *ring], {"n0", "p"})
    assert product[f"n{length}"] == pytest.approx(0.9999**length, rel=1e-9)
    assert control[f"n{length}"] == pytest.approx(0.9999)
    # r0 = 0.0001 + 0.9999 r6 and r6 = 0.9999^6 r0
    assert product["r0"] == pytest.approx(0.0001 / (1 - 0.9999**7), rel=1e-9)


def test_a_cycle_too_large_for_one_block_is_solved():
    rng = np.random.default_rng(1)
    size = 2000
    found = {(int(a), int(b)) for a, b in rng.integers(size, size=(8000, 2)) if a != b}
    total = np.bincount([b for _, b in found], minlength=size)
    edges_ = [(f"e{a}", f"e{b}", 0.9995 / total[b]) for a, b in sorted(found)]
    product = shares(edges_, {"e0", "e1"})[0]
    matrix = np.zeros((size, size))
    for a, b, share in edges_:
        matrix[int(b[1:]), int(a[1:])] = share
    fixed = np.zeros(size)
    fixed[:2] = 1
    matrix[:2] = 0
    expected = np.linalg.solve(np.eye(size) - matrix, fixed)
    for name, value in product.items():
        assert value == pytest.approx(expected[int(name[1:])], abs=1e-8)


def test_what_no_owner_is_recorded_for_leaves_the_answer_open():
    graph = build(holdings([("p", "a", 0.4), ("p", "b", 0.4), ("o", "b", 0.6)]))
    (outcome,) = decide(graph, [rule()], DAY, listed={"p"}, not_served=())
    ids = graph.ids.to_pylist()
    assert [ANSWERS[outcome.product.answer[ids.index(name)]] for name in "ab"] == ["not known", "not met"]


def test_owners_of_countries_that_are_not_served_and_of_unknown_ones():
    facts = Facts(
        pa.table({"id": ["p", "q", "a"], "name": ["P", "Q", "A"], "country": ["XA", None, "XB"]}), Rejected()
    )
    graph = build(holdings([("p", "a", 0.4), ("q", "a", 0.6)]), facts)
    (outcome,) = decide(graph, [rule(owners="not_served")], DAY, listed=(), not_served={"XA"})
    at = graph.ids.to_pylist().index("a")
    assert outcome.product.share[at] == pytest.approx(0.4)
    assert ANSWERS[outcome.product.answer[at]] == "not known"
    (served,) = decide(graph, [rule(owners="not_served")], DAY, listed=(), not_served={"XZ"})
    assert served.product.share[at] == 0


def test_a_ruling_says_why_in_both_readings():
    found = [
        ("p", "a", 0.6),
        ("o", "a", 0.4),
        ("a", "b", 0.6),
        ("o", "b", 0.4),
        ("p", "c", 0.3),
        ("c", "b", 0.0001),
    ]
    graph = build(holdings(found))
    (outcome,) = decide(graph, [rule(reading="control")], DAY, listed={"p"}, not_served=())
    said = ruling(graph, outcome, graph.ids.to_pylist().index("b"), DAY)
    assert (said.answer, said.differ, said.product.answer) == ("met", True, "not met")
    for chain in (said.product.chain, said.control.chain):
        assert [(link.owner, link.owned) for link in chain] == [("p", "a"), ("a", "b")]
    assert [holder.owner for holder in said.control.holders] == ["a"]
    assert said.product.holders[0].counted == pytest.approx(0.36 / 1.0001, rel=1e-3)


@given(edges, some)
@settings(max_examples=40)
def test_every_verdict_has_a_chain_that_ends_at_a_listed_owner(found, listed):
    for aggregate in (True, False):
        graph = build(holdings(found))
        (outcome,) = decide(
            graph, [rule(compare=">=", aggregate=aggregate)], DAY, listed=listed, not_served=()
        )
        for entity in range(graph.size):
            said = ruling(graph, outcome, entity, DAY)
            for one in (said.product, said.control):
                if one.answer == "met" and not said.listed:
                    assert one.chain[0].owner in listed
                    assert one.chain[-1].owned == said.entity
                    assert one.holders
