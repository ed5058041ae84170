"""The journal: what was committed is there again, what is damaged is named and kept, the rest is read."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.records import Rejection, StillwatchError
from stillwatch.runtime.journal import COMMIT, Damaged, Journal

SCHEMA = pa.schema([("number", pa.int64())])


def batch(*numbers):
    return pa.RecordBatch.from_pydict({"number": numbers}, schema=SCHEMA)


def held(journal, name):
    return [row for each in journal.read(name, SCHEMA) for row in each.column("number").to_pylist()]


def written(folder, *batches):
    journal = Journal(folder)
    for each in batches:
        journal.append("a", each)
    journal.sync({}, {})
    return journal


def test_what_was_committed_is_there_again_and_nothing_else(tmp_path):
    journal = written(tmp_path, batch(1, 2), batch(3))
    committed = journal.size("a")
    journal.append("a", batch(4))
    journal.append("b", batch(5))
    assert journal.size("a") > committed
    assert journal.size("nowhere") == 0
    again = Journal(tmp_path)
    assert held(again, "a") == [1, 2, 3]
    assert again.names("") == ["a"]
    assert again.size("a") == committed
    assert held(again, "nowhere") == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_named_and_what_lies_before_it_is_read(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("journal")
    journal = written(folder, *(batch(number) for number in range(4)))
    path = folder / "a"
    whole = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    read = []
    with pytest.raises(Damaged, match="damaged between byte") as caught:
        read += (each.column("number")[0].as_py() for each in journal.read("a", SCHEMA))
    assert read == list(range(4 * place // len(whole)))
    assert caught.value.rejection.file == str(path)
    assert caught.value.rejection.reason.startswith("cannot be read")


def test_a_damaged_file_is_kept_when_its_records_are_done_with(tmp_path):
    journal = written(tmp_path, batch(1))
    (tmp_path / "a").write_bytes(b"\0" * journal.size("a"))
    with pytest.raises(Damaged):
        held(journal, "a")
    journal.append("b", batch(2))
    journal.sync({}, {})
    journal.forget(["a", "b"])
    for _ in range(2):
        assert sorted(path.name for path in tmp_path.iterdir()) == [COMMIT, "unreadable-a"]
        Journal(tmp_path)


def test_a_journal_of_another_version_is_not_read(tmp_path):
    written(tmp_path, batch(1)).reject("rejected.jsonl", [Rejection("log", 1, "bad")])
    path = tmp_path / COMMIT
    path.write_bytes(path.read_bytes().replace(b'"form":2', b'"form":1'))
    with pytest.raises(StillwatchError, match="another version"):
        Journal(tmp_path)
