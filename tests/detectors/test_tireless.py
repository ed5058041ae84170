from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detectors import catalogue
from stillwatch.features.groups import Groups
from stillwatch.features.ledger import HOUR

DAYS = 12


def value(hours):
    """What is said of one account that is active in the given hours since 1970."""
    detector = catalogue()["tireless"]()
    ts = np.array(sorted(hours), np.int64) * HOUR
    detector.observe(SimpleNamespace(ts=ts, account=np.zeros(len(ts), np.int64), accounts=1))
    return detector.measure(Groups.of([np.array([0])]), SimpleNamespace(ledger=range(1))).value[0]


def test_an_account_that_keeps_one_hour_is_as_far_from_even_as_can_be():
    assert value([24 * day + 9 for day in range(DAYS)]) == pytest.approx(-np.log(24), abs=0.05)


def test_an_account_that_is_always_there_is_even():
    assert value(range(24 * DAYS)) == pytest.approx(0, abs=0.05)


def test_one_day_says_nothing():
    assert np.isnan(value(range(24)))


@given(st.integers(0, 23))
def test_the_time_zone_does_not_matter(shift):
    hours = [24 * day + hour for day in range(DAYS) for hour in (8, 9, 10, 13)]
    assert value([hour + shift for hour in hours]) == pytest.approx(value(hours), abs=0.2)
