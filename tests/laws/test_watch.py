"""Laws of the watch: it raises the alarms of a replay, whatever is cut, repeated, late, shuffled or killed."""

import os
import resource
import shutil
import time

import numpy as np
import pyarrow as pa
import pytest
from harvest import FDR, alarms_of, alike, records, sketches, tables
from hypothesis import given, settings
from hypothesis import strategies as st
from staging import KEY

from stillwatch.features.sketchlog import TICK
from stillwatch.linking.rehearsal import DAY, START
from stillwatch.records import Rejection, StillwatchError, UsageError
from stillwatch.runtime.ingest import Piece, Settings
from stillwatch.runtime.watch import Watch
from stillwatch.sources import Block

NOW = (START + 30 * DAY) / 1_000_000
ROWS = 4_000  # of a batch at the most


def block(kind="exchanges", origin="log"):
    return Block("canonical_jsonl", kind, origin, 1, None)


def watch_at(folder, lateness=60.0):
    return Watch(folder, Settings(KEY), FDR, lateness)


def tell(watch, some=None):
    """Hand over accounts and events."""
    for kind, rows in zip(("accounts", "events"), tables(some or records()), strict=True):
        for batch in rows.to_batches():
            watch.take(block(kind, kind), Piece(kind, batch, [], {}), NOW)


def hand_over(watch, batch, origin="log", now=NOW):
    watch.take(block(origin=origin), Piece("exchanges", batch, [], {"ts": len(batch)}), now)


def closed(watch, now=NOW):
    for tick in watch.over(now):
        watch.close(tick)
    watch.ahead(now, pending=False)


def finished(watch):
    """The alarms, once everything that waits is closed."""
    watch.commit({})
    for tick in sorted(watch.arrivals.waiting):
        watch.close(tick)
    return watch.state.loop.alarms


def saving(monkeypatch, every):
    """Snapshots are so many seconds apart, however long they take."""
    monkeypatch.setattr("stillwatch.runtime.watch.SAVE_EVERY", every)
    monkeypatch.setattr("stillwatch.runtime.watch.SAVE_SHARE", 0.0)


@pytest.fixture
def heavy(monkeypatch):
    """Limits so low that what comes in a tick of this log is much: files of slices, small pieces, early stretches."""
    monkeypatch.setattr("stillwatch.runtime.waiting.SMALL", 50_000)
    monkeypatch.setattr("stillwatch.runtime.waiting.PIECE", 150)
    monkeypatch.setattr("stillwatch.runtime.watch.MUCH", 30_000)
    monkeypatch.setattr("stillwatch.runtime.watch.MOST", 60_000)
    monkeypatch.setattr("stillwatch.runtime.loop.SETTLED", 170)


def in_time():
    return sketches().take(pa.compute.sort_indices(sketches().column("ts")))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return alarms_of(tmp_path_factory.mktemp("whole") / "log", records(), [sketches()])


@pytest.mark.parametrize("save_every", [0.0, 1e9])
def test_a_watch_raises_the_alarms_of_a_replay_as_the_exchanges_arrive(
    save_every, whole, tmp_path, monkeypatch
):
    saving(monkeypatch, save_every)
    size = 3_000
    watch = watch_at(tmp_path)
    tell(watch)
    raised = []
    for start in range(0, len(sketches()), size):
        hand_over(watch, in_time().slice(start, size))
        watch.commit({"log": str(start)})
        for tick in watch.over(NOW):
            raised += watch.close(tick)
    assert len(raised) >= len(whole) - 2  # all but those of the last tick, which nothing has ended yet
    alike(finished(watch), whole)
    assert watch.state.repeats == watch.counts["late"] == 0


@pytest.mark.parametrize("save_every", [0.0, 0.3, 1e9])
def test_a_watch_that_is_killed_between_any_two_batches_goes_on_to_the_same_alarms(
    save_every, whole, tmp_path, monkeypatch
):
    saving(monkeypatch, save_every)
    watch = watch_at(tmp_path)
    tell(watch)
    watch.commit({"log": "0"})
    at, killed = 0, 0
    while at < len(sketches()):
        hand_over(watch, in_time().slice(at, ROWS))
        if killed < at // ROWS % 3:  # taken but not committed: handed over again
            killed += 1
            watch = watch_at(tmp_path)
            at = int(watch.positions["log"])
            continue
        killed = 0
        at += ROWS
        watch.commit({"log": str(at)})
        if at // ROWS % 2:
            watch = watch_at(tmp_path)
        closed(watch)
    alike(finished(watch), whole)
    assert watch.counts["exchanges"] == len(sketches())


@pytest.mark.usefixtures("heavy")
def test_a_watch_that_takes_a_tick_in_by_parts_raises_the_alarms_of_a_replay(tmp_path, monkeypatch):
    saving(monkeypatch, 0.5)
    whole = alarms_of(tmp_path / "whole", records(), [sketches()])
    watch = watch_at(tmp_path / "home")
    tell(watch)
    watch.commit({"log": "0"})
    at = early = number = 0
    while at < len(sketches()):
        number += 1
        hand_over(watch, in_time().slice(at, 220))
        if number % 9 == 4:  # taken but not committed: handed over again
            watch = watch_at(tmp_path / "home")
            at = int(watch.positions["log"])
            continue
        at += 220
        watch.commit({"log": str(at)})
        closed(watch)
        early += bool((watch.arrivals.open_from or 0) % TICK)
    alike(finished(watch), whole)
    assert early > 3
    assert watch.counts["exchanges"] == len(sketches())
    assert watch.state.repeats == watch.counts["late"] == 0
    kept = [batch for tick in watch.log.ticks() for batch in watch.log.read(tick)]
    assert max(map(len, kept)) <= 150
    assert pa.Table.from_batches(kept)["id"].to_pylist() == ordered_ids()


def ordered_ids():
    order = [("ts", "ascending"), ("id", "ascending")]
    return sketches().take(pa.compute.sort_indices(sketches(), order)).column("id").to_pylist()


@pytest.mark.usefixtures("heavy")
def test_disorder_and_repetition_change_no_alarm_where_a_tick_is_taken_in_by_parts(tmp_path):
    whole = alarms_of(tmp_path / "whole", records(), [sketches()])
    times = sketches().column("ts").cast(pa.int64()).to_numpy()
    rng = np.random.default_rng(4)
    order = np.argsort(times + rng.integers(0, 3_000_000_000, len(times)), kind="stable")
    watch = watch_at(tmp_path / "home", lateness=3_600.0)
    tell(watch)
    early = 0
    for rows in np.array_split(order, 16):
        for origin in ("north", "south"):
            hand_over(watch, sketches().take(pa.array(rows)), origin)
        watch.commit({})
        closed(watch)
        early += bool((watch.arrivals.open_from or 0) % TICK)
    alike(finished(watch), whole)
    assert early > 2
    assert watch.state.repeats == len(sketches())
    assert watch.counts["late"] == 0


@pytest.mark.usefixtures("heavy")
def test_what_comes_after_its_stretch_was_taken_in_counts_once_and_later(tmp_path):
    watch = watch_at(tmp_path)
    tell(watch)
    at = 0
    while not (watch.arrivals.open_from or 0) % TICK:
        hand_over(watch, in_time().slice(at, 120))
        watch.commit({})
        closed(watch)
        at += 120
    opened, before = watch.arrivals.open_from, watch.counts["exchanges"]
    fresh = in_time().slice(0, 40)
    fresh = fresh.set_column(
        fresh.schema.get_field_index("id"), fresh.schema.field("id"), pa.array(range(1, 41), pa.uint64())
    )
    hand_over(watch, in_time().slice(0, 50), "straggler")
    hand_over(watch, fresh, "straggler")
    hand_over(watch, fresh, "straggler again")
    finished(watch)
    assert watch.counts["late"] == 130
    assert watch.state.repeats == 90
    kept = pa.Table.from_batches([batch for tick in watch.log.ticks() for batch in watch.log.read(tick)])
    assert len(kept) == before + 40
    moved = kept.filter(pa.compute.less_equal(kept["id"], pa.scalar(40, pa.uint64())))
    assert set(moved["ts"].cast(pa.int64()).to_pylist()) == {opened}


@pytest.mark.usefixtures("heavy")
def test_damage_to_what_a_watch_keeps_is_counted_and_stops_nothing(tmp_path):
    watch = watch_at(tmp_path)
    tell(watch)
    hand_over(watch, in_time())
    watch.commit({})
    ticks = sorted(watch.arrivals.waiting)
    for tick in ticks[:5]:
        watch.close(tick)
    spoiled = next((tmp_path / "sketches").glob("slice-*.parquet"))
    spoiled.write_bytes(spoiled.read_bytes()[:-100])
    spoiled.with_suffix(".ids").unlink()
    waits = max((tmp_path / "journal").glob("tick-*"))
    waits.write_bytes(b"!" * waits.stat().st_size)
    for tick in ticks[5:]:
        watch.close(tick)
    watch.commit({})
    watch.save()
    told = (tmp_path / "journal" / "rejected.jsonl").read_text().splitlines()
    assert watch.counts["rejected"] == len(told) == 2
    assert f"unreadable/{spoiled.name}" in told[0]
    assert waits.name in told[1]
    assert (tmp_path / "journal" / f"unreadable-{waits.name}").exists()
    again = watch_at(tmp_path)
    again.commit({})
    assert again.counts["rejected"] == 2
    assert "unreadable" not in "".join(again.told().present)


def test_a_tick_that_was_cut_off_while_it_closed_is_closed_again(whole, tmp_path, monkeypatch):
    saving(monkeypatch, 0.0)
    home = tmp_path / "home"
    watch = watch_at(home)
    tell(watch)
    hand_over(watch, in_time())
    watch.commit({})
    for number, tick in enumerate(sorted(watch.arrivals.waiting)):
        if number % 4 == 1:
            before = tmp_path / "before"
            shutil.copytree(home, before)
            watch.close(tick)
            shutil.copytree(
                home / "sketches", before / "sketches", dirs_exist_ok=True
            )  # what was written by then
            shutil.rmtree(home)
            before.rename(home)
            watch = watch_at(home)
        watch.close(tick)
    alike(watch.state.loop.alarms, whole)


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 99))
def test_disorder_within_the_lateness_and_repetition_change_no_alarm(seed, whole, tmp_path_factory):
    rng = np.random.default_rng(seed)
    times = sketches().column("ts").cast(pa.int64()).to_numpy()
    order = np.argsort(times + rng.integers(0, 3_000_000_000, len(times)), kind="stable")  # up to 50 minutes
    watch = watch_at(tmp_path_factory.mktemp("watch"), lateness=3_600.0)
    tell(watch)
    tell(watch)
    for rows in np.array_split(order, 12):
        for origin in ("north", "south"):
            hand_over(watch, sketches().take(pa.array(rows)), origin)
        watch.commit({})
        closed(watch)
    alike(finished(watch), whole)
    assert watch.state.repeats == len(sketches())
    assert watch.counts["late"] == 0


def test_what_comes_after_its_tick_is_over_counts_once_and_later(tmp_path):
    watch = watch_at(tmp_path)
    tell(watch)
    half = len(in_time()) // 2
    hand_over(watch, in_time().slice(0, half))
    watch.commit({})
    closed(watch)
    opened = watch.arrivals.open_from
    hand_over(watch, in_time().slice(0, 50), "straggler")  # all of it is known already
    fresh = in_time().slice(0, 40)
    fresh = fresh.set_column(
        fresh.schema.get_field_index("id"), fresh.schema.field("id"), pa.array(range(1, 41), pa.uint64())
    )
    hand_over(watch, fresh, "straggler")
    watch.commit({})
    assert watch.counts["late"] == 90
    finished(watch)
    assert watch.state.repeats == 50
    kept = sum(len(batch) for tick in watch.log.ticks() for batch in watch.log.read(tick))
    assert kept == half + 40
    late = pa.Table.from_batches(watch.log.read(opened // TICK))["ts"].cast(pa.int64()).to_numpy()
    assert (late == opened).sum() >= 40


def test_a_time_ahead_of_the_clock_is_rejected_and_ends_no_tick(tmp_path):
    watch = watch_at(tmp_path)
    hand_over(watch, in_time().slice(0, 100), now=START / 1_000_000 + 10)
    watch.commit({})
    first = int(in_time().column("ts").cast(pa.int64())[0].as_py())
    assert watch.counts["exchanges"] + watch.counts["rejected"] == 100
    ahead = sum(
        1 for at in in_time().column("ts").cast(pa.int64()).to_pylist()[:100] if at > START + 310_000_000
    )
    assert watch.counts["rejected"] == ahead
    told = watch.told()
    assert (
        told.present["ts"] == told.read == 100
    )  # fields are counted of all that was read, and so is their share
    assert watch.over(first / 1_000_000 + 10) == []
    assert b"ahead of this machine's clock" in (tmp_path / "journal" / "rejected.jsonl").read_bytes()


def test_a_backlog_holds_ticks_open_until_it_is_taken(tmp_path):
    """Files may come in any order: a later one must not end the ticks of an earlier one."""
    watch = watch_at(tmp_path)
    hand_over(watch, in_time().slice(len(in_time()) - 50), "later")
    watch.commit({})
    assert watch.over(NOW, pending=True) == []
    hand_over(watch, in_time().slice(0, 50), "earlier")
    watch.commit({})
    assert watch.counts["late"] == 0
    assert watch.over(NOW, pending=False)


def test_a_stream_that_never_ends_is_no_backlog(tmp_path):
    watch = watch_at(tmp_path)
    begun = time.time()
    hand_over(watch, in_time(), now=begun)
    watch.commit({})
    assert watch.over(begun + 1, pending=False)
    assert watch.over(begun + 500, pending=True) == []
    assert watch.over(begun + 700, pending=True)


def test_a_source_whose_clock_stands_still_holds_nothing(tmp_path):
    watch = watch_at(tmp_path)
    hand_over(watch, in_time().slice(0, 4_000))
    watch.commit({})
    closed(watch)
    opened = watch.arrivals.open_from
    hand_over(watch, in_time().slice(0, 40), "stuck")
    hand_over(watch, in_time().slice(4_000, 3_000))
    hand_over(watch, in_time().slice(0, 40), "stuck")
    watch.commit({})
    closed(watch)
    assert watch.arrivals.open_from > opened


def test_a_watch_that_is_started_again_ends_ticks_by_the_clock_when_nothing_comes(tmp_path):
    watch = watch_at(tmp_path)
    hand_over(watch, in_time().slice(0, 50))
    watch.commit({})
    again = watch_at(tmp_path)
    assert again.over(time.time() + 1) == []
    assert again.over(time.time() + 40)


def test_a_sparse_backlog_needs_few_descriptors(tmp_path):
    """Many ticks in one delivery, with as few descriptors as a service may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    batch = in_time().slice(0, 1_500)
    place = batch.schema.get_field_index("ts")
    spread = pa.array(START + np.arange(len(batch)) * TICK).cast(batch.schema.field("ts").type)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        watch = watch_at(tmp_path)
        hand_over(watch, batch.set_column(place, batch.schema.field("ts"), spread), now=4e9)
        watch.commit({})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(watch.arrivals.waiting) == len(batch)


def test_a_watch_keeps_the_level_it_was_begun_with(tmp_path):
    watch = watch_at(tmp_path)
    hand_over(watch, in_time().slice(0, 50))
    finished(watch)
    watch.save()
    with pytest.raises(UsageError, match=r"--fdr 0\.01"):
        Watch(tmp_path, Settings(KEY), 0.3, 60.0)


def test_what_a_watch_keeps_is_for_its_user_alone(tmp_path):
    watch = watch_at(tmp_path / "state")
    tell(watch)
    hand_over(watch, in_time().slice(0, 50))
    finished(watch)
    watch.save()
    assert (tmp_path / "state").stat().st_mode & 0o77 == 0
    for path in (tmp_path / "state" / "sketches").iterdir():
        assert path.stat().st_mode & 0o77 == 0


def test_rejections_are_counted_and_kept(tmp_path):
    watch = watch_at(tmp_path)
    watch.take(Rejection("log", 7, "not JSON"), None, NOW)
    watch.commit({})
    again = watch_at(tmp_path)
    assert again.counts["rejected"] == 1
    again.take(Rejection("log", 8, "not JSON"), None, NOW)  # and never committed
    again = watch_at(tmp_path)
    assert (
        (tmp_path / "journal" / "rejected.jsonl").read_bytes().count(b"\n") == again.counts["rejected"] == 1
    )


def test_a_state_that_others_wrote_is_never_loaded(tmp_path):
    watch = watch_at(tmp_path)
    hand_over(watch, in_time().slice(0, 100))
    finished(watch)
    watch.save()
    path = tmp_path / "state.pickle"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(StillwatchError, match="with this key"):
        watch_at(tmp_path)


def test_a_journal_that_lost_committed_records_is_an_error(tmp_path):
    watch = watch_at(tmp_path)
    hand_over(watch, in_time().slice(0, 100))
    watch.commit({})
    some = next((tmp_path / "journal").glob("tick-*"))
    os.truncate(some, 10)
    with pytest.raises(StillwatchError, match="shorter than what was committed"):
        watch_at(tmp_path)
