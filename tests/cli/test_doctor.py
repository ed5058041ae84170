import json

import pytest

from stillwatch import detectors
from stillwatch.cli import main
from stillwatch.sources import catalogue

EXCHANGES = catalogue()["canonical_jsonl"].example
ACCOUNTS = b'{"account_id": "acc-a", "payment_fp": "fp-1", "colour": "red"}\n{"account_id": "acc-b"}\n'


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main(["doctor", *map(str, arguments)])
    return left.value.code, *capsys.readouterr()


@pytest.fixture
def log(tmp_path):
    (tmp_path / "exchanges.jsonl").write_bytes(EXCHANGES)
    (tmp_path / "accounts.jsonl").write_bytes(ACCOUNTS)
    (tmp_path / "events.jsonl").write_bytes(b'{"ts": "2026-03-02T09:00:00Z", "kind": "ban"}\n')
    (tmp_path / "notes.txt").write_text("not a log")
    return tmp_path


def test_a_good_log_for_programs(capsys, log):
    code, printed, _ = run(capsys, log, "--json")
    told = json.loads(printed)
    assert code == 0
    assert told["records"] == {"exchanges": 2, "accounts": 2, "events": 1}
    assert told["accounts"] == 2
    assert (told["first_ts"], told["last_ts"]) == ("2026-03-02T08:00:00Z", "2026-03-02T08:00:03Z")
    assert told["coverage"]["exchanges"]["prompt"] == 1.0
    assert told["coverage"]["exchanges"]["tokens_in"] == 0.5
    assert told["coverage"]["accounts"]["payment_fp"] == 0.5
    assert [path.rsplit("/", 1)[1] for path in told["ignored"]] == ["notes.txt"]
    assert told["files"][0]["unknown_fields"] == ["colour"]


def test_every_detector_says_what_it_lacks(capsys, log):
    told = json.loads(run(capsys, log, "--json")[1])["detectors"]
    assert {one["id"] for one in told} == set(detectors.catalogue())
    for one in told:
        assert set(one["missing"]) <= detectors.catalogue()[one["id"]].needs
        assert (one["share"] == 0) == bool(one["missing"])
        assert "event.ban" not in one["missing"]


def test_a_good_log_for_people(capsys, log):
    code, printed, _ = run(capsys, log)
    assert code == 0
    assert "2 exchanges of 2 accounts" in printed
    assert "fields not read: colour" in printed


def test_rejections_are_shown_and_leave_with_three(capsys, log):
    (log / "exchanges-2.jsonl").write_bytes(b"{oops\n" + EXCHANGES)
    code, printed, _ = run(capsys, log)
    assert code == 3
    assert "exchanges-2.jsonl:1: not JSON" in printed


def test_nothing_to_read(capsys, tmp_path):
    (tmp_path / "notes.txt").write_text("not a log")
    code, _, said = run(capsys, tmp_path)
    assert code == 3
    assert "no log found" in said


def test_a_missing_path(capsys, tmp_path):
    code, _, said = run(capsys, tmp_path / "nowhere")
    assert code == 3
    assert "no such file" in " ".join(said.split())


def test_rejections_are_counted_by_kind(capsys, tmp_path):
    wrong = [
        {"country": "usa"},
        {"country": "gbr"},
        {"asn": -1},
        {"http_status": 7},
        {"pathway": "x"},
        {"tokens_in": -1},
        {"tokens_out": -5},
    ]
    records = [
        {"exchange_id": f"e{n}", "ts": 1772438400000000, "account_id": "a"} | one
        for n, one in enumerate(wrong)
    ]
    (tmp_path / "exchanges.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    code, printed, _ = run(capsys, tmp_path)
    assert code == 3
    assert (
        "exchanges.jsonl:1: country: 'usa' must be two capital letters (ISO 3166-1) (and 1 more like it)"
        in printed
    )
    assert "'gbr'" not in printed
    assert "exchanges.jsonl: 1 more, for other reasons" in printed
    reasons = json.loads(run(capsys, tmp_path, "--json")[1])["files"][0]["reasons"]
    assert [one["count"] for one in reasons] == [2, 1, 1, 1, 1]
