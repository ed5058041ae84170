"""Exchanges that wait: whatever the order and the files they lie in, a stretch comes out in order and once."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "laws"))
from harvest import sketches

from stillwatch.features.sketch import SKETCHES
from stillwatch.features.sketchlog import TICK
from stillwatch.features.slicedlog import SLICE
from stillwatch.runtime import waiting
from stillwatch.runtime.journal import Journal
from stillwatch.runtime.waiting import Waiting, pieces

TICK_AT = 80_000
START = TICK_AT * TICK


def exchanges(slots, ids):
    """Sketches at so many seconds after the beginning of a tick."""
    batch = sketches().slice(0, len(slots))
    times = pa.array(START + np.array(slots, np.int64) * 1_000_000).cast(SKETCHES.field("ts").type)
    for name, column in (("ts", times), ("id", pa.array(ids, pa.uint64()))):
        place = batch.schema.get_field_index(name)
        batch = batch.set_column(place, SKETCHES.field(name), column)
    return batch


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(waiting, "SMALL", 2_000)
    monkeypatch.setattr(waiting, "PIECE", 7)


ROWS = st.lists(st.tuples(st.integers(0, 21_599), st.integers(0, 60)), min_size=1, max_size=80)


@settings(max_examples=25, deadline=None)
@given(
    rows=ROWS,
    size=st.integers(1, 30),
    begin=st.integers(0, 72),
    width=st.integers(0, 72),
    small=st.integers(0, 20_000),
)
def test_a_stretch_holds_what_lies_in_it_in_order_and_once(tmp_path_factory, rows, size, begin, width, small):
    journal = Journal(tmp_path_factory.mktemp("journal"))
    held = Waiting(journal)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(waiting, "SMALL", small)
        patched.setattr(waiting, "PIECE", 7)
        for start in range(0, len(rows), size):
            slots, ids = zip(*rows[start : start + size], strict=True)
            held.add(TICK_AT, exchanges(slots, ids))
        journal.sync({}, {})
        first, last = START + begin * SLICE, START + min(begin + width, 72) * SLICE
        stretch, refused = held.stretch(first, last)
        known = np.array([3, 9], np.uint64)
        chosen = stretch.once(known)
        got = []
        for number, parts in pieces(chosen, stretch.times[chosen] // SLICE):
            for part in parts:
                assert len(part) <= 7
                fetched = stretch.fetch(part)
                times = fetched["ts"].cast(pa.int64()).to_pylist()
                assert min(times) >= number * SLICE
                got += zip(times, fetched["id"].to_pylist(), strict=True)
    assert not refused
    inside = [
        (START + slot * 1_000_000, one) for slot, one in rows if first <= START + slot * 1_000_000 < last
    ]
    earliest = {}
    for at, one in sorted(inside):
        earliest.setdefault(one, at)
    assert len(stretch) == len(inside)
    assert got == sorted((at, one) for one, at in earliest.items() if one not in (3, 9))
    assert held.ticks() == {TICK_AT}


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, most=st.integers(1, 40_000), begin=st.integers(0, 71))
def test_cuts_cover_a_stretch_and_are_small_where_they_can_be(tmp_path_factory, rows, most, begin):
    journal = Journal(tmp_path_factory.mktemp("journal"))
    held = Waiting(journal)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(waiting, "SMALL", 0)
        for row in rows:
            held.add(TICK_AT, exchanges([row[0]], [row[1]]))
    first, end = START + begin * SLICE, START + TICK
    cuts = list(held.cuts(first, end, most))
    assert [cuts[0][0], *(stop for _, stop in cuts)] == [*(start for start, _ in cuts), end]
    for start, stop in cuts:
        assert start < stop
        heavy = [held.weight(at, at + SLICE) for at in range(start, stop, SLICE)]
        assert sum(heavy) <= most or sum(1 for each in heavy if each) == 1
    assert sum(held.weight(*cut) for cut in cuts) == held.weight(first, end)


@pytest.mark.usefixtures("small")
def test_files_are_done_with_when_all_their_time_is(tmp_path):
    journal = Journal(tmp_path)
    held = Waiting(journal)
    for slot in range(0, 21_600, 600):
        held.add(TICK_AT, exchanges([slot], [slot]))
    journal.sync({}, {})
    some = held.before(START + 30 * SLICE)
    assert some
    assert all(name.startswith("slice-") for name in some)
    journal.forget(some)
    rest, _ = held.stretch(START + 30 * SLICE, START + TICK)
    assert sorted(rest.ids.tolist()) == list(range(9_000, 21_600, 600))
    assert held.ticks() == {TICK_AT}
    assert set(held.before(START + TICK)) == set(journal.names(""))
