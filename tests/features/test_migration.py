from types import SimpleNamespace

import numpy as np

from stillwatch.features.migration import FOLLOWED, WINDOW, Migration


def batch(*rows):
    ts, account, model = np.array(rows, np.int64).reshape(-1, 3).T
    return SimpleNamespace(ts=ts, account=account, model=model, accounts=3)


def test_exchanges_after_a_release_and_those_to_the_new_model_are_counted():
    migration = Migration()
    migration.observe(batch((1, 0, 5)))
    migration.released(10, 5)
    migration.observe(batch((9, 0, 5), (10, 0, 5), (11, 0, 4), (12, 2, 5), (10 + WINDOW, 2, 5)))
    assert migration.counts(3, 0).tolist() == [[2, 1], [0, 0], [1, 1]]


def test_the_latest_releases_are_followed_side_by_side():
    migration = Migration()
    for number in range(FOLLOWED + 2):
        migration.released(number, number)
    migration.observe(batch((100, 1, 0), (100, 1, 3)))
    assert len(migration.releases) == FOLLOWED
    assert [migration.counts(3, number)[1].tolist() for number in range(FOLLOWED)] == [
        [2, 0],
        [2, 1],
        [2, 0],
        [2, 0],
    ]
