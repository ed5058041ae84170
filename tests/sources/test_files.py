import gzip

import pytest

from stillwatch.records import Rejection, UnreadableInput
from stillwatch.sources import catalogue, decode, find, split

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
