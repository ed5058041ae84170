"""Snapshots: the same state comes back, and its arrays can be written to."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.append(str(Path(__file__).parents[1] / "laws"))
from harvest import FDR, records, sketches, tables
from staging import KEY

from stillwatch.features.key import SketchKey
from stillwatch.records import StillwatchError
from stillwatch.runtime import snapshot
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.snapshot import Given, State, load, save


@pytest.fixture
def state():
    loop = Loop(KEY, FDR)
    accounts, events = tables(records())
    loop.ledger.add(accounts)
    at = sketches().column("ts").cast(pa.int64())
    loop.take(int(at[0].as_py()) // 21_600_000_000, [sketches().slice(0, 500)])
    return State(loop, Given(FDR, frozenset({"asn"})), events=events, told_events={b"one"}, repeats=3)


def test_a_state_comes_back_as_it_was_and_goes_on(state, tmp_path):
    assert load(tmp_path, KEY) is None
    save(state, tmp_path, KEY)
    again = load(tmp_path, KEY)
    assert (again.given, again.name, again.repeats, again.told_events) == (
        state.given,
        state.name,
        3,
        {b"one"},
    )
    assert again.events.equals(state.events)
    for loop in (state.loop, again.loop):
        loop.observe(82_087, [sketches().slice(500, 900)])
    accounts = len(state.loop.ledger)
    assert again.loop.ledger.names == state.loop.ledger.names
    np.testing.assert_array_equal(
        again.loop.population.daily(accounts), state.loop.population.daily(accounts)
    )
    np.testing.assert_array_equal(again.loop.keyring.pairs().count, state.loop.keyring.pairs().count)
    assert [path.name for path in tmp_path.iterdir()] == [snapshot.FILE]
    assert (tmp_path / snapshot.FILE).stat().st_mode & 0o77 == 0


@pytest.mark.parametrize("place", [0, 40, 300, -1])
def test_a_changed_byte_is_seen_before_anything_is_loaded(place, state, tmp_path):
    save(state, tmp_path, KEY)
    path = tmp_path / snapshot.FILE
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(StillwatchError, match="with this key"):
        load(tmp_path, KEY)


def test_another_key_and_a_file_that_is_cut_short_are_refused(state, tmp_path):
    save(state, tmp_path, KEY)
    with pytest.raises(StillwatchError, match="with this key"):
        load(tmp_path, SketchKey(b"another key, 32 bytes or longer!"))
    path = tmp_path / snapshot.FILE
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(StillwatchError, match="with this key"):
        load(tmp_path, KEY)
