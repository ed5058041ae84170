import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.records import InvalidConfiguration
from stillwatch.responses import LocalBuckets, SharedBuckets

CALLS = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(0, 5, allow_subnormal=False)), min_size=1, max_size=60
)


@pytest.mark.parametrize("shared", [False, True])
def test_a_bucket_gives_its_burst_and_then_its_rate(shared, tmp_path):
    buckets = SharedBuckets(tmp_path / "rate") if shared else LocalBuckets()
    now = 1_772_438_400.0
    assert [buckets.take("c", now, 1.0, 3.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert buckets.take("c", now, 1.0, 3.0) == pytest.approx(1.0)
    assert buckets.take("other", now, 1.0, 3.0) == 0.0
    assert buckets.take("c", now + 1.01, 1.0, 3.0) == 0.0
    assert buckets.take("c", now + 1.01, 1.0, 3.0) > 0.9


def test_a_clock_that_was_set_back_locks_no_one_out():
    buckets = LocalBuckets()
    for _ in range(5):
        buckets.take("c", 2_000_000_000.0, 1.0, 3.0)
    assert buckets.take("c", 1_772_438_400.0, 1.0, 3.0) == 0.0


@settings(max_examples=50, deadline=None)
@given(calls=CALLS)
def test_both_kinds_of_buckets_agree(calls, tmp_path_factory):
    local, shared = LocalBuckets(), SharedBuckets(tmp_path_factory.mktemp("rate") / "rate")
    now = 1_772_438_400.0
    for name, pause in calls:
        now += pause
        assert local.take(name, now, 0.7, 4.0) == shared.take(name, now, 0.7, 4.0)


def test_more_campaigns_than_slots_push_out_the_idle_ones(tmp_path):
    shared = SharedBuckets(tmp_path / "rate")
    now = 1_772_438_400.0
    for number in range(10_000):
        shared.take(f"c{number}", now + number, 1.0, 3.0)
    assert shared.take("fresh", now + 10_000, 1.0, 3.0) == 0.0
    assert (tmp_path / "rate").stat().st_size == 65_536


def _drain(path):
    buckets = SharedBuckets(path)
    return os.getpid(), sum(buckets.take("c", 1_772_438_400.0, 1.0, 100.0) == 0.0 for _ in range(500))


def test_two_processes_share_one_bucket(tmp_path):
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        results = list(pool.map(_drain, [tmp_path / "rate"] * 2))
    assert sum(taken for _, taken in results) == 100


def test_a_rate_file_that_cannot_be_made_is_a_matter_of_configuration(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidConfiguration, match="rate file"):
        SharedBuckets(tmp_path / "file" / "rate")
