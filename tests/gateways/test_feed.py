import json
import os
import time

import pytest

from stillwatch.gateways.caller import Caller
from stillwatch.gateways.exchange import Finished
from stillwatch.gateways.feed import Feed, FeedLimits
from stillwatch.gateways.trouble import Trouble
from stillwatch.records import Micros

CALLER = Caller(account_id="acc-a")


def finished(number=0, **stated):
    given = {"asked": {"prompt": "Hi"}, "status": 200, "latency_ms": 5.0}
    return Finished(
        exchange_id=f"ex-{number}",
        ts=Micros(1_772_438_400_000_000),
        caller=CALLER,
        route="chat",
        **(given | stated),
    )


@pytest.fixture
def feed(tmp_path):
    made = []

    def make(**limits):
        made.append(Feed(tmp_path / "spool", Trouble(), FeedLimits(**limits)))
        return made[-1], made[-1]._trouble.counts  # noqa: SLF001 - its counters

    yield make
    for one in made:
        one.close()


def ids(spooled):
    return [exchange["exchange_id"] for exchange in spooled("exchanges")]


def eventually(holds):
    until = time.monotonic() + 5.0
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    assert holds()


def test_exchanges_are_there_soon_and_in_order(feed, spooled):
    one, counts = feed()
    for number in range(500):
        one.finished(finished(number))
    eventually(lambda: counts["exchanges_written"] == 500)
    assert ids(spooled) == [f"ex-{number}" for number in range(500)]


def test_a_segment_is_closed_by_its_age(feed, tmp_path):
    one, _ = feed(segment_seconds=0.1)
    one.finished(finished())
    eventually(lambda: list((tmp_path / "spool").glob("exchanges-*.jsonl")))


def test_what_does_not_fit_into_the_queue_is_counted(feed, spooled):
    one, counts = feed(queued_bytes=500)
    for number in range(20):
        one.finished(finished(number))
    one.close()
    assert (counts["exchanges_dropped"], ids(spooled)) == (20, [])


def test_exchanges_stop_where_nobody_takes_them_away(feed, spooled):
    one, counts = feed(spool_bytes=1)
    one.finished(finished())
    eventually(lambda: one._full)  # noqa: SLF001 - it has looked at the disk
    one.finished(finished(1))
    one.close()
    assert (counts["exchanges_refused"], ids(spooled)) == (1, ["ex-0"])


def test_one_exchange_that_cannot_be_told_does_not_stop_the_others(feed, spooled):
    one, counts = feed()
    one.finished(finished(0, latency_ms="odd"))
    one.finished(finished(1))
    one.close()
    assert (counts["error_exchange_record"], ids(spooled)) == (1, ["ex-1"])


def test_half_a_surrogate_pair_hides_no_exchange(feed, spooled):
    one, _ = feed()
    one.finished(finished(asked={"prompt": "Hi \ud800"}))
    one.close()
    assert spooled("exchanges")[0]["prompt"] == "Hi ?"


def test_a_feed_goes_on_after_it_was_closed(feed, spooled):
    one, _ = feed()
    one.finished(finished(0))
    one.close()
    one.finished(finished(1))
    one.close()
    assert ids(spooled) == ["ex-0", "ex-1"]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_writes_files_of_its_own(feed, tmp_path):
    one, _ = feed()
    one.finished(finished(0))
    child = os.fork()
    if child == 0:
        one.finished(finished(1))
        one.close()
        os._exit(0)
    os.waitpid(child, 0)
    one.close()
    found = {
        path.name.split("-")[-2]: [json.loads(line)["exchange_id"] for line in path.read_text().splitlines()]
        for path in (tmp_path / "spool").glob("exchanges-*.jsonl")
    }
    assert found == {str(os.getpid()): ["ex-0"], str(child): ["ex-1"]}
