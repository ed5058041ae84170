import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.records import Rejection
from stillwatch.sources import decode, split

WHEN = datetime(2026, 3, 2, 8, tzinfo=UTC)
MICROS = 1772438400000000


def read(tmp_path, row_group_size=None, **columns):
    rows = len(next(iter(columns.values())))
    needed = {
        "exchange_id": [f"ex-{n}" for n in range(rows)],
        "ts": pa.array([MICROS] * rows),
        "account_id": ["a"] * rows,
    }
    path = tmp_path / "exchanges.parquet"
    pq.write_table(pa.table(needed | columns), path, row_group_size=row_group_size)
    return [decode(block) for block in split([path])]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([MICROS]),
        pa.array([MICROS // 1_000_000], pa.timestamp("s")),
        pa.array([MICROS // 1000], pa.timestamp("ms", tz="Asia/Tokyo")),
        pa.array([MICROS * 1000 + 7], pa.timestamp("ns")),
        pa.array(["2026-03-02T08:00:00Z"], pa.large_string()),
        pa.array(["2026-03-02T08:00:00Z"]).dictionary_encode(),
        pa.array([float(MICROS)]),
    ],
    ids=lambda column: str(column.type),
)
def test_times_of_any_make(tmp_path, column):
    (decoded,) = read(tmp_path, ts=column)
    assert decoded.batch["ts"].to_pylist() == [WHEN]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([-5]),
        pa.array([10**17], pa.timestamp("ms")),
        pa.array(["soon"]),
        pa.array([None], pa.timestamp("ns")),
    ],
    ids=str,
)
def test_times_that_cannot_be(tmp_path, column):
    (decoded,) = read(tmp_path, ts=column)
    assert len(decoded.batch) == 0
    assert decoded.rejections[0].line == 1


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["hello"], pa.large_string()),
        pa.array(["hello"]).dictionary_encode(),
        pa.array([b"hello"]),
        pa.array(["hello"], pa.string_view()),
    ],
    ids=lambda column: str(column.type),
)
def test_text_of_any_make(tmp_path, column):
    (decoded,) = read(tmp_path, prompt=column)
    assert decoded.batch["prompt"].to_pylist() == ["hello"]


def test_bytes_that_are_not_utf8_cost_their_row(tmp_path):
    (decoded,) = read(tmp_path, prompt=pa.array([b"fine", b"\xff"]))
    assert decoded.batch["exchange_id"].to_pylist() == ["ex-0"]
    assert [rejection.line for rejection in decoded.rejections] == [2]


def test_counts_written_as_doubles(tmp_path):
    (decoded,) = read(tmp_path, tokens_in=pa.array([4.0, float("nan"), 1.5]))
    assert decoded.batch["tokens_in"].to_pylist() == [4, None]
    assert [rejection.line for rejection in decoded.rejections] == [3]


def test_rows_are_numbered_through_the_file(tmp_path):
    decoded = read(tmp_path, row_group_size=2, country=["DE", "DE", "DE", "xx", "DE"])
    assert [len(one.batch) for one in decoded] == [2, 1, 1]
    assert [rejection.line for one in decoded for rejection in one.rejections] == [4]


def test_a_column_of_the_wrong_type_costs_the_row_group(tmp_path):
    (decoded,) = read(tmp_path, prompt=[1, 2])
    (rejection,) = decoded.rejections
    assert rejection.line is None
    assert "prompt" in rejection.reason


def test_a_required_column_that_is_missing(tmp_path):
    path = tmp_path / "exchanges.parquet"
    pq.write_table(pa.table({"exchange_id": ["a"], "ts": [MICROS]}), path)
    (block,) = split([path])
    assert "account_id" in decode(block).rejections[0].reason


def test_turns_as_structs_or_as_json_text(tmp_path):
    turns = [{"role": "user", "content": "Hi"}]
    for column in ([turns, None], [json.dumps(turns), None]):
        (decoded,) = read(tmp_path, messages=column)
        assert decoded.batch["messages"].to_pylist() == [turns, None]
        assert decoded.batch["prompt"].to_pylist() == ["Hi", None]
        assert decoded.batch["n_images"].to_pylist() == [None, None]


def test_more_and_fewer_columns(tmp_path):
    (decoded,) = read(tmp_path, x_colour=["red"], country=pa.nulls(1), logprobs=[True], asn=["AS7"])
    assert decoded.unknown_fields == {"x_colour"}
    row = decoded.batch.to_pylist()[0]
    assert (row["country"], row["logprobs"], row["asn"]) == (None, 1, 7)


def test_owners_as_a_struct(tmp_path):
    path = tmp_path / "accounts.parquet"
    pq.write_table(pa.table({"account_id": ["a", "b"], "owner_countries": [{"SG": 0.6}, {"CN": 0.4}]}), path)
    (block,) = split([path])
    assert decode(block).batch["owner_countries"].to_pylist() == [[("SG", 0.6)], [("CN", 0.4)]]


def test_an_empty_table(tmp_path):
    assert sum(len(one.batch) for one in read(tmp_path, prompt=pa.array([], pa.string()))) == 0


def test_our_own_output_is_no_log(tmp_path):
    pq.write_table(
        pa.table({"account_id": ["a"], "campaign_id": ["c"], "exchange_id": ["e"]}),
        tmp_path / "flags.parquet",
    )
    assert list(split([tmp_path])) == []


def test_a_file_cut_short_is_one_rejection(tmp_path):
    read(tmp_path, prompt=["a"])
    path = tmp_path / "exchanges.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    (rejection,) = split([path])
    assert isinstance(rejection, Rejection)
    assert rejection.line is None
