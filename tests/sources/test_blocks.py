import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.records import Rejection
from stillwatch.sources import Block, decode, split
from stillwatch.sources._reading import blocks
from stillwatch.sources._reading.blocks import json_blocks, line_blocks, whole_lines


def exchange(number):
    return b'{"exchange_id": "ex-%d", "ts": 1772438400000000, "account_id": "a"}\n' % number


@given(
    lines=st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"-")), max_size=20),
    size=st.integers(1, 30),
    step=st.integers(1, 17),
)
def test_any_cut_gives_the_same_lines(lines, size, step):
    data = b"\n".join(lines)
    given_pieces = [data[start : start + step] for start in range(0, len(data), step)]
    got = list(whole_lines(given_pieces, size=size))
    assert b"".join(part for _, part in got) == data.removeprefix(b"\xef\xbb\xbf")
    line = 1
    for first_line, part in got:
        assert first_line == line
        line += part.count(b"\n")


def test_records_do_not_depend_on_the_size_of_blocks(tmp_path):
    path = tmp_path / "exchanges.jsonl"
    path.write_bytes(b"".join(map(exchange, range(50))) + b"{broken\n\n" + exchange(99))

    def read(size):
        decoded = [decode(block) for block in line_blocks("canonical_jsonl", "exchanges", path, size=size)]
        ids = [each for one in decoded for each in one.batch["exchange_id"].to_pylist()]
        return ids, [(r.line, r.reason) for one in decoded for r in one.rejections]

    assert read(1 << 20) == read(1) == read(300)
    assert read(1)[1][0][0] == 51


def test_an_overlong_line_is_one_rejection_and_the_rest_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "LONGEST_LINE", 1000)
    path = tmp_path / "exchanges.jsonl"
    path.write_bytes(exchange(1) + b'{"prompt": "' + b"x" * 2_000_000 + b'"}\n' + exchange(2))
    found = list(line_blocks("canonical_jsonl", "exchanges", path, size=400))
    assert [one.line for one in found if isinstance(one, Rejection)] == [2]
    kept = [decode(one).batch["exchange_id"].to_pylist() for one in found if isinstance(one, Block)]
    assert kept == [["ex-1"], ["ex-2"]]


@pytest.mark.parametrize("lost", [1, 9, 40, 4000])
def test_a_packed_file_cut_short_is_read_up_to_the_cut(tmp_path, lost):
    path = tmp_path / "exchanges.jsonl.gz"
    whole = gzip.compress(b"".join(map(exchange, range(4000))))
    path.write_bytes(whole[:-lost])
    found = list(split([path]))
    assert isinstance(found[-1], Rejection)
    assert found[-1].line is None
    decoded = [decode(block) for block in found[:-1]]
    assert not any(one.rejections for one in decoded)
    ids = [each for one in decoded for each in one.batch["exchange_id"].to_pylist()]
    assert ids == [f"ex-{number}" for number in range(len(ids))]
    assert len(ids) > 1000


@pytest.mark.parametrize("text", [b'[{"a": 1}, {"a":\n 2}]', b'{\n  "a": 1\n}'])
def test_a_list_or_one_spread_document_becomes_lines(tmp_path, text):
    path = tmp_path / "log.json"
    path.write_bytes(text)
    (block,) = json_blocks("litellm", path)
    assert block.data.splitlines()[0] == b'{"a":1}'


def test_a_list_cut_short_is_a_rejection(tmp_path):
    path = tmp_path / "log.json"
    path.write_bytes(b'[{"a": 1}, {"a"')
    (rejection,) = json_blocks("litellm", path)
    assert "not a whole JSON list" in rejection.reason


def test_a_bad_first_line_does_not_make_a_log_one_document(tmp_path):
    path = tmp_path / "log.json"
    path.write_bytes(b'{"a": 1\n{"a": 2}\n')
    (block,) = json_blocks("litellm", path)
    assert block.data == path.read_bytes()
