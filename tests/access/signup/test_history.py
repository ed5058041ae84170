"""Holders, shares and bursts; the stated error of the burst test, by chance drawn a thousand times."""

import numpy as np

from stillwatch.access.signup.history import BASE_DAYS, DAY, History, Seen
from stillwatch.access.signup.keytimes import TIME_BITS
from stillwatch.access.signup.terms import Terms

KEY = np.uint64(7) << np.uint64(TIME_BITS)
OTHER = np.uint64(8) << np.uint64(TIME_BITS)
NOW = 100 * DAY


def seen(*groups):
    out = Seen()
    for key, times in groups:
        out.add(np.full(len(times), key), np.asarray(times, np.int64))
    return out


def asked(seen_so_far, at, key=KEY):
    at = np.atleast_1d(np.asarray(at, np.int64))
    return History(seen_so_far, np.full(len(at), key), at, np.ones(len(at), np.int64), Terms())


def test_holders_are_those_of_four_weeks_up_to_the_moment():
    so_far = seen((KEY, [NOW - 28 * DAY, NOW - 27 * DAY, NOW - 5, NOW, NOW + 1]))
    assert asked(so_far, NOW).holders().tolist() == [3]
    assert asked(so_far, NOW).held().tolist() == [1]


def test_a_key_that_is_always_large_is_not_more_than_usual():
    steady = np.arange(NOW - 40 * DAY, NOW, DAY // 20)
    usual = seen((KEY, steady[::2]), (OTHER, steady[1::2]))
    assert asked(usual, steady[-2]).more_than_usual().tolist() == [0]
    assert asked(usual, steady[-2]).burst().tolist() == [0]


def test_a_new_key_that_takes_over_is():
    steady = np.arange(NOW - 40 * DAY, NOW, DAY // 20)
    lot = NOW - 3600 + 60 * np.arange(30)
    history = asked(seen((OTHER, steady), (KEY, lot)), lot)
    assert history.burst()[[0, -1]].tolist() == [0, 7]
    assert history.more_than_usual()[-1] >= 3
    assert (np.diff(history.burst_evidence()) > 0).all()


def test_a_key_that_keeps_its_share_passes_as_seldom_as_stated():
    """Of 1,000 keys, each with its usual share for sure, at most 2a of their periods a day ever pass 1/a."""
    chance, level = np.random.default_rng(4), 0.05
    passed = days = 0
    for _ in range(40):
        base = np.sort(chance.integers(NOW - (BASE_DAYS + 2) * DAY, NOW - DAY, 20_000))
        today = np.sort(chance.integers(NOW, NOW + DAY, 700))
        times = np.concatenate([base, today])
        who = chance.integers(0, 25, len(times))
        so_far = Seen()
        keys = (who.astype(np.uint64) + np.uint64(1)) << np.uint64(TIME_BITS)
        so_far.add(keys, times)
        rows = times >= NOW
        history = History(so_far, keys[rows], times[rows], np.ones(int(rows.sum()), np.int64), Terms())
        loud = history.burst_evidence() >= np.log(1 / level)
        passed += len(np.unique(who[rows][loud]))
        days += 25
    assert days == 1_000
    assert passed <= 2 * level * days
