import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from handmade import START, exchange, write_log

from stillwatch.lab.logs import open_log
from stillwatch.records import EXCHANGES, UnreadableInput


def rows(directory, columns="exchange_id, ts, prompt"):
    return open_log(directory).execute(f"SELECT {columns} FROM exchanges ORDER BY exchange_id").fetchall()


def test_times_are_the_same_as_text_integers_and_timestamps(tmp_path):
    write_log(tmp_path / "integers", [exchange(1, "a", prompt="x")])
    text = exchange(1, "a", prompt="x") | {"ts": "2026-02-25T06:13:20Z"}
    write_log(tmp_path / "text", [text])
    (tmp_path / "arrow").mkdir()
    table = pa.Table.from_pylist([exchange(1, "a", prompt="x")], EXCHANGES)
    pq.write_table(table, tmp_path / "arrow" / "exchanges-0001.parquet")
    assert rows(tmp_path / "integers") == [("ex-1", START, "x")]
    assert rows(tmp_path / "text") == rows(tmp_path / "integers") == rows(tmp_path / "arrow")


def test_parts_of_different_formats_are_one_log(tmp_path):
    write_log(tmp_path, [exchange(1, "a", prompt="x")])
    part = {"exchange_id": ["ex-2"], "ts": [START], "account_id": ["b"]}
    pq.write_table(pa.table(part), tmp_path / "exchanges-0002.parquet")
    assert rows(tmp_path) == [("ex-1", START, "x"), ("ex-2", START, None)]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_the_last_user_turn_stands_in_for_a_prompt(tmp_path, form):
    turns = [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": "answer"},
        {"role": "user", "content": "second"},
        {"role": "assistant", "content": "prefill"},
    ]
    call = exchange(1, "a", messages=turns)
    if form == "jsonl":
        (tmp_path / "exchanges.jsonl").write_text(json.dumps(call) + "\n")
    else:
        pq.write_table(pa.Table.from_pylist([call], EXCHANGES), tmp_path / "exchanges.parquet")
    assert rows(tmp_path, "prompt") == [("second",)]


def test_a_directory_without_exchanges_is_unreadable(tmp_path):
    with pytest.raises(UnreadableInput):
        open_log(tmp_path)
