import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.records import Rejection, UnreadableInput
from stillwatch.sources import catalogue, decode, find, split
from stillwatch.sources._reading.no_log import why_no_log

EXCHANGE = catalogue()["canonical_jsonl"].example


def test_a_directory_is_walked_and_strangers_are_ignored(tmp_path):
    (tmp_path / "day" / "one").mkdir(parents=True)
    (tmp_path / "day" / "one" / "exchanges-0001.jsonl").write_bytes(EXCHANGE)
    (tmp_path / "day" / "exchanges-0002.jsonl.gz").write_bytes(gzip.compress(EXCHANGE))
    (tmp_path / "accounts.jsonl").write_bytes(b'{"account_id": "acc-a"}\n')
    (tmp_path / "README.md").write_text("# a log")
    (tmp_path / "alarms.jsonl").write_text('{"ts": 1, "campaign_id": "c", "kind": "opened"}\n')
    found = find([tmp_path])
    assert [path.name for path in found.ignored] == ["README.md", "alarms.jsonl"]
    assert not found.rejections
    assert sorted(block.kind for block in split([tmp_path])) == ["accounts", "exchanges", "exchanges"]


def test_a_file_named_by_hand_must_have_a_format(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# a log")
    (rejection,) = split([path])
    assert rejection == Rejection(str(path), None, "no known log format")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.jsonl", b"", "the file is empty"),
        ("blank.jsonl", b"\n \n", "the file is empty"),
        ("log.csv", b"exchange_id,ts\n", "CSV is not read; JSON lines and Parquet are"),
        ("log.txt", b"exchange_id;ts;account_id\na;1;b\n", "CSV is not read; JSON lines and Parquet are"),
        (
            "all.json",
            b'[{"exchange_id": "a"}]',
            "a JSON array is not read; write JSON lines, one object a line",
        ),
        (
            "other.jsonl",
            b'{"id": 1, "time": 2, "user": 3}\n',
            "keys found: id, time, user; an exchange needs exchange_id, ts, account_id",
        ),
        (
            "wide.jsonl",
            b"{" + b", ".join(b'"k%d": 1' % number for number in range(20)) + b"}",
            "keys found: k0, k1, k2, k3, k4, k5, k6, k7 and 12 more; an exchange needs exchange_id, ts, account_id",
        ),
        ("campaigns.json", b'{"schema": "stillwatch.campaigns/1"}', "a result of Stillwatch is no log"),
    ],
)
def test_a_file_that_is_no_log_is_told_what_it_is(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    (rejection,) = split([path])
    assert rejection == Rejection(str(path), None, f"no known log format: {said}")


def test_columns_of_a_table_that_is_no_log_are_named(tmp_path):
    path = tmp_path / "some.parquet"
    pq.write_table(pa.table({"id": ["a"], "day": [1]}), path)
    (rejection,) = split([path])
    assert "columns found: id, day; an exchange needs" in rejection.reason


@given(st.binary(max_size=300))
def test_any_bytes_have_a_reason(data):
    assert why_no_log("some.file", data).startswith("no known log format")


def test_a_line_that_is_an_array_is_told_what_to_write(tmp_path):
    path = tmp_path / "exchanges.jsonl"
    path.write_bytes(b'[{"exchange_id": "a"}]\n')
    (block,) = split([path])
    assert decode(block).rejections[0].reason.endswith("; write one object a line")


def test_a_missing_path_is_an_error(tmp_path):
    with pytest.raises(UnreadableInput, match="no such file"):
        list(split([tmp_path / "nothing"]))


def test_content_decides_where_the_name_says_nothing(tmp_path):
    for name, data, kind in [
        ("a.log", EXCHANGE, "exchanges"),
        ("b.log", b'{"account_id": "a", "plan": "plus"}', "accounts"),
        ("c.log", b'{"ts": 1772438400000000, "kind": "ban"}', "events"),
    ]:
        (tmp_path / name).write_bytes(data)
        (block,) = split([tmp_path / name])
        assert block.kind == kind


@pytest.mark.parametrize("name", ["exchanges.jsonl", "exchanges.jsonl.gz", "exchanges.jsonl.zst"])
def test_an_empty_file_holds_nothing_and_is_no_error(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    assert list(split([tmp_path / name])) == []


def test_garbage_under_a_name_of_the_contract_is_rejected_line_by_line(tmp_path):
    (tmp_path / "exchanges.jsonl").write_bytes(b"\x00\x01\n{}\n")
    (block,) = split([tmp_path / "exchanges.jsonl"])
    assert [rejection.line for rejection in decode(block).rejections] == [1, 2]


def test_a_record_longer_than_the_first_look_is_still_recognised(tmp_path):
    path = tmp_path / "some.log"
    path.write_bytes(EXCHANGE.replace(b"Grade this.", b"x" * 200_000))
    (block,) = split([path])
    assert decode(block).batch["prompt"][0].as_py() == "x" * 200_000
