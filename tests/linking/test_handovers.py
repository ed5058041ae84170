"""Conversations that were handed on: who is one pipeline, and who is not."""

import pickle
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.features.key import SketchKey
from stillwatch.features.ledger import HOUR, Ledger
from stillwatch.features.observed import Interner
from stillwatch.features.sketch import sketch
from stillwatch.linking.clusters import find_clusters, homes
from stillwatch.linking.growth import Membership
from stillwatch.linking.handovers import Handovers
from stillwatch.linking.keyring import Keyring
from stillwatch.linking.keytable import key_table
from stillwatch.records import EXCHANGES

KEY = SketchKey(bytes(32))
T0 = 1_772_000_000_000_000
SECOND = 1_000_000


def exchange(account, *, owner=None, text=None, at=0, delay=5):
    """A call; where an owner is named, it goes on with that account's conversation."""
    row = {"account_id": account, "account_handle": f"h-{account}", "ts": T0 + at * SECOND + delay * SECOND}
    if owner is not None:
        row |= {
            "continued_handle": f"h-{owner}",
            "continued_id": text or f"{owner}-{account}-{at}",
            "continued_at": T0 + at * SECOND,
        }
    return row


def batch(rows):
    whole = [
        dict.fromkeys(EXCHANGES.names) | {"exchange_id": f"{number}"} | row
        for number, row in enumerate(sorted(rows, key=lambda row: row["ts"]))
    ]
    return sketch(pa.RecordBatch.from_pylist(whole, schema=EXCHANGES), KEY)


def pipelines(rows, *, cuts=(), banned=()):
    """The sets of accounts that are one pipeline."""
    sketches = batch(rows)
    ledger = Ledger(KEY)
    interner, handovers = Interner(ledger), Handovers()
    edges = [0, *sorted(min(cut, len(sketches)) for cut in cuts), len(sketches)]
    for start, stop in pairwise(edges):
        handovers.observe(interner.observe(sketches.slice(start, stop - start)))
    handovers.settle()
    for account, at in banned:
        ledger.ban(account, T0 + at * SECOND)
    accounts, keys = pickle.loads(pickle.dumps(handovers)).pipelines(ledger)
    found = {}
    for account, key in zip(accounts.tolist(), keys.tolist(), strict=True):
        found.setdefault(key, set()).add(ledger.names[account])
    return sorted(map(sorted, found.values()))


def round_robin(accounts, turns=40):
    """Each turn of a conversation on the next account."""
    return [
        exchange(accounts[(turn + 1) % len(accounts)], owner=accounts[turn % len(accounts)], at=10 * turn)
        for turn in range(turns)
    ]


def test_round_robin_is_one_pipeline():
    assert pipelines(round_robin("abcdef")) == [list("abcdef")]


def test_two_pools_are_two_pipelines():
    assert pipelines(round_robin("abc") + round_robin("xyz")) == [list("abc"), list("xyz")]


def test_a_published_transcript_links_nobody():
    readers = [
        exchange(f"r{n}", owner="a", text=f"last-{n % 3}", at=n % 3, delay=100 * n + 5) for n in range(30)
    ]
    assert pipelines(readers) == []


def test_a_transcript_resumed_later_links_nobody():
    later = [exchange("b", owner="a", at=100 * n, delay=2 * 3600) for n in range(10)]
    assert pipelines(later) == []


def test_one_handover_links_nobody_and_two_do():
    assert pipelines([exchange("b", owner="a")]) == []
    assert pipelines([exchange("a"), exchange("b", owner="a"), exchange("b", owner="a", at=60)]) == [
        ["a", "b"]
    ]


def test_a_handover_between_two_pools_does_not_join_them():
    rows = [*round_robin("abc"), *round_robin("xyz"), exchange("x", owner="a", at=900)]
    assert pipelines(rows) == [list("abc"), list("xyz")]


def test_the_successor_of_a_banned_account_is_named_by_one_handover():
    rows = [exchange("a"), exchange("b", owner="a", at=600)]
    assert pipelines(rows, banned=[("a", 602)]) == [["a", "b"]]
    assert pipelines(rows, banned=[("a", 9_000)]) == []


def test_accounts_on_a_ring_hold_without_any_one_handover():
    ring = [exchange("bcda"[n], owner="abcd"[n], at=n) for n in range(4)]
    assert pipelines(ring) == [list("abcd")]
    assert pipelines(ring[:3]) == []


HOPS = st.lists(
    st.builds(
        exchange,
        st.sampled_from("abcdefgh"),
        owner=st.sampled_from(["i", "j", "k", *"abcd", None]),
        text=st.sampled_from([None, None, "t1", "t2"]),
        at=st.integers(0, 5_000),
        delay=st.sampled_from([1, 60, 4_000]),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(rows=HOPS, cuts=st.lists(st.integers(0, 40), max_size=4))
def test_cuts_change_nothing(rows, cuts):
    assert pipelines(rows, cuts=cuts) == pipelines(rows)


@settings(max_examples=60, deadline=None)
@given(rows=HOPS)
def test_pipelines_hold_without_any_one_handover(rows):
    """Against a reckoning of the definition by brute force."""
    fresh = {}
    for row in sorted(rows, key=lambda row: row["ts"]):
        if row.get("continued_id") and row["ts"] - row["continued_at"] <= HOUR:
            fresh.setdefault(row["continued_id"], []).append((row["continued_handle"], row["account_handle"]))
    hops = [told[0] for told in fresh.values() if len({heir for _, heir in told}) == 1]
    accounts = {row["account_handle"] for row in rows}

    def apart(without):
        parts = {name: {name} for hop in hops for name in hop} | {name: {name} for name in accounts}
        for number, (one, other) in enumerate(hops):
            if number != without:
                whole = parts[one] | parts[other]
                parts |= dict.fromkeys(whole, whole)
        return parts

    views = [apart(number) for number in range(-1, len(hops))]
    alike = {
        name: frozenset(other for other in accounts if all(other in view[name] for view in views))
        for name in accounts
    }
    expected = sorted(
        {tuple(sorted(name[2:] for name in whole)) for whole in alike.values() if len(whole) > 1}
    )
    assert [tuple(each) for each in pipelines(rows)] == expected


def test_a_pipeline_that_shares_nothing_else_is_one_cluster():
    rows = round_robin("abcdef") + [exchange(f"other-{n}") for n in range(40)]
    ledger, keyring = Ledger(KEY), Keyring()
    keyring.observe(Interner(ledger).observe(batch(rows)))
    keyring.settle()
    size = len(ledger)
    table = key_table(keyring, ledger, np.ones(size, bool), np.full(size, -1), T0 + HOUR)
    (cluster,) = find_clusters(table)
    assert sorted(ledger.names[account] for account in cluster.accounts.tolist()) == list("abcdef")


@pytest.mark.parametrize("hours", [1, 30])
def test_what_is_kept_does_not_grow_with_the_log(hours):
    rows = [
        {
            **each,
            "ts": each["ts"] + hour * HOUR,
            "continued_at": each["continued_at"] + hour * HOUR,
            "continued_id": f"{hour}-{n}",
        }
        for hour in range(hours)
        for n, each in enumerate(round_robin("abc"))
    ]
    handovers = Handovers()
    interner = Interner(Ledger(KEY))
    sketches = batch(rows)
    for start in range(0, len(sketches), 40):
        handovers.observe(interner.observe(sketches.slice(start, 40)))
        handovers.settle()
    assert len(pickle.dumps(handovers)) < 12_000


@settings(max_examples=60, deadline=None)
@given(
    of=st.lists(st.integers(-1, 3), min_size=30, max_size=30),
    parts=st.lists(st.sets(st.integers(0, 29)), max_size=5),
)
def test_a_pipeline_goes_to_the_cluster_that_has_most_of_it(of, parts):
    whose = np.array(of)
    pipelines = [np.flatnonzero(whose == number) for number in range(4)]
    clusters = [Membership(np.array(sorted(part), np.int64), np.zeros(len(part)), (), None) for part in parts]
    for holders, home in zip(pipelines, homes(pipelines, whose, clusters), strict=True):
        inside = [len(set(holders.tolist()) & part) for part in parts]
        most = max(inside, default=0)
        assert home == (inside.index(most) if most and 2 * most >= len(holders) else -1)
