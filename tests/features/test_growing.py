import numpy as np

from stillwatch.features.growing import PerAccount


def test_rows_never_seen_are_empty_and_rows_written_stay():
    rows = PerAccount(np.int64, 2, empty=-1)
    rows.upto(1)[0] = (4, 5)
    assert rows.upto(3).tolist() == [[4, 5], [-1, -1], [-1, -1]]
    assert rows.upto(0).shape == (0, 2)


def test_growth_is_rare():
    rows = PerAccount(np.float64)
    places = {id(rows.upto(size).base) for size in range(1, 2000)}
    assert len(places) < 40
