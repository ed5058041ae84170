"""Slices of a live watch: what goes in comes out, ids are found again, damage costs one file."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.features.sketch import SKETCHES
from stillwatch.features.sketchlog import TICK
from stillwatch.features.slicedlog import SLICE, Sieve, SlicedLog

FIRST = 72 * 80_000  # slice at which a tick begins


def rows(ids, number=FIRST):
    """Sketches with these ids, all in one slice."""
    count = len(ids)
    empty = {"exchange_id": [f"ex-{one}" for one in ids], "id": ids, "ts": [number * SLICE] * count}
    columns = []
    for field in SKETCHES:
        if field.name in empty:
            columns.append(pa.array(empty[field.name], field.type))
        elif pa.types.is_fixed_size_list(field.type):
            size = field.type.list_size
            flat = pa.array(np.zeros(count * size), field.type.value_type, safe=False)
            columns.append(pa.FixedSizeListArray.from_arrays(flat, size))
        elif pa.types.is_list(field.type):
            columns.append(pa.array([[]] * count, field.type))
        elif field.type == pa.string():
            columns.append(pa.array(["a"] * count, field.type))
        elif pa.types.is_boolean(field.type):
            columns.append(pa.nulls(count, field.type))
        else:
            columns.append(pa.array([0] * count, field.type))
    return pa.table(columns, schema=SKETCHES)


def place(log, number, *pieces):
    return list(log.place(number, [rows(ids, number) for ids in pieces]))


def ids_in(log):
    return [one for tick in log.ticks() for batch in log.read(tick) for one in batch.column("id").to_pylist()]


@settings(max_examples=60, deadline=None)
@given(
    held=st.lists(st.integers(0, 2**64 - 1), max_size=300),
    asked=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=300),
    crowd=st.booleans(),
)
def test_a_sieve_lets_through_what_it_was_made_of_and_nothing_else(held, asked, crowd):
    shift = np.uint64(50 if crowd else 0)  # in a crowd all share their first bits
    held, asked = (np.array(ids, np.uint64) >> shift for ids in (held, asked))
    held = np.concatenate([held, asked[::3]])
    np.testing.assert_array_equal(Sieve(asked).caught(held), held[np.isin(held, asked)])


@settings(max_examples=20, deadline=None)
@given(
    pieces=st.lists(st.lists(st.integers(0, 200), max_size=5), min_size=1, max_size=8),
    asked=st.lists(st.integers(0, 200), max_size=40),
    since=st.integers(0, 8),
    width=st.integers(0, 8),
)
def test_what_came_before_is_known_of_the_slices_asked_for(tmp_path_factory, pieces, asked, since, width):
    log = SlicedLog(tmp_path_factory.mktemp("log"))
    for number, ids in enumerate(pieces):
        place(log, FIRST + number, ids)
    again = SlicedLog(log._directory)  # noqa: SLF001 - as a watch does that is started again
    wanted = sorted({one for ids in pieces[since : since + width] for one in ids} & set(asked))
    for each in (log, again):
        known = each.known(np.array(asked, np.uint64), FIRST + since, FIRST + since + width)
        assert known.tolist() == wanted
    assert log.held(FIRST + since, FIRST + since + width) == sum(map(len, pieces[since : since + width]))


def test_a_slice_comes_out_as_it_went_in_piece_by_piece(tmp_path):
    log = SlicedLog(tmp_path)
    passed = place(log, FIRST, [5, 6], [1], [])
    place(log, FIRST + 72, [9])
    assert [piece["id"].to_pylist() for piece in passed] == [[5, 6], [1], []]
    assert log.ticks() == [FIRST * SLICE // TICK, FIRST * SLICE // TICK + 1]
    assert [batch.column("id").to_pylist() for batch in log.read(log.ticks()[0])] == [[5, 6], [1]]
    assert next(iter(log.read(log.ticks()[0]))).schema == SKETCHES
    assert ids_in(SlicedLog(tmp_path, before=FIRST + 72)) == [5, 6, 1]
    assert log.drop_before(FIRST + 72) == 1
    assert ids_in(log) == [9]


def test_a_slice_that_is_broken_off_is_not_there(tmp_path):
    log = SlicedLog(tmp_path)
    passing = log.place(FIRST, [rows([1]), rows([2])])
    next(passing)
    passing.close()
    assert log.ticks() == []
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_cleared(tmp_path):
    log = SlicedLog(tmp_path)
    place(log, FIRST, [1])
    place(log, FIRST + 1, [2])
    for name in ("slice-{}.partial", "slice-{}.ids", "slice-{}.ids.partial"):
        (tmp_path / name.format(FIRST + 2)).write_bytes(b"half")
    log = SlicedLog(tmp_path)
    log.clear_from(FIRST + 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"slice-{FIRST}.ids",
        f"slice-{FIRST}.parquet",
    ]
    assert ids_in(log) == [1]


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-40])


def emptied(path):
    path.write_bytes(b"")


def spoiled(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [cut_short, emptied, spoiled])
def test_a_slice_that_cannot_be_read_is_set_aside_and_named(tmp_path, harm):
    log = SlicedLog(tmp_path)
    for number in range(3):
        place(log, FIRST + number, range(number * 100, number * 100 + 50))
    harm(tmp_path / f"slice-{FIRST + 1}.parquet")
    log = SlicedLog(tmp_path)
    left = ids_in(log)
    assert set(left) >= {*range(50), *range(200, 250)}
    (refused,) = log.refused
    (aside,) = log.unreadable()
    assert refused.file == str(aside)
    assert aside.name == f"slice-{FIRST + 1}.parquet"
    assert refused.reason.startswith("cannot be read")
    for each in (log, SlicedLog(tmp_path)):  # nothing is told again
        assert ids_in(each) == [*range(50), *range(200, 250)]
        assert each.unreadable() == [aside]
    assert len(log.refused) == 1
    known = log.known(np.arange(120, 130).astype(np.uint64), FIRST, FIRST + 3)
    assert known.tolist() == list(range(120, 130))  # its ids lie elsewhere


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"odd")])
def test_ids_that_are_lost_are_taken_from_the_sketches(tmp_path, harm):
    log = SlicedLog(tmp_path)
    place(log, FIRST, [3, 1, 2])
    path = tmp_path / f"slice-{FIRST}.ids"
    data = path.read_bytes()
    harm(path)
    known = SlicedLog(tmp_path).known(np.array([1, 7], np.uint64), FIRST, FIRST + 1)
    assert known.tolist() == [1]
    assert path.read_bytes() == data


def test_a_slice_of_which_nothing_can_be_read_is_set_aside_when_its_ids_are_wanted(tmp_path):
    log = SlicedLog(tmp_path)
    place(log, FIRST, [1])
    place(log, FIRST + 1, [2])
    emptied(tmp_path / f"slice-{FIRST}.parquet")
    (tmp_path / f"slice-{FIRST}.ids").unlink()
    asked = np.array([1, 2], np.uint64)
    assert log.known(asked, FIRST, FIRST + 9).tolist() == [2]
    assert log.known(asked, FIRST, FIRST + 9).tolist() == [2]
    assert len(log.refused) == len(log.unreadable()) == 1


def test_a_file_that_may_not_be_read_now_is_not_set_aside(tmp_path):
    log = SlicedLog(tmp_path)
    place(log, FIRST, [1])
    (tmp_path / f"slice-{FIRST}.parquet").rename(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError):
        ids_in(log)
    assert not log.refused
