"""`stillwatch detect` on bad and odd input: a clear message, counted rejections, and a result whole or absent."""

import gzip
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.cli import main
from stillwatch.cli.detect import FIELD_GROUPS, chosen_fields
from stillwatch.records import ACCOUNTS, EXCHANGES, UsageError

OURS = {
    "alarms.jsonl",
    "campaigns.json",
    "flags.parquet",
    "members.parquet",
    "rejected.jsonl",
    "report.html",
    "stillwatch.key",
}
DAY = 86_400_000_000
MARCH = 1_772_438_400_000_000  # 2026-03-02T08:00:00Z
CANARY = "quokkafrost"


def calls(count, **fields):
    """Exchanges an hour apart by five accounts; a field's value may be made from the number of the call."""
    usual = {
        "exchange_id": lambda n: f"ex-{n}",
        "ts": lambda n: MARCH + n * DAY // 24,
        "account_id": lambda n: f"acc-{n % 5}",
        "model": "large-1",
        "prompt": lambda n: f"Write about {CANARY} number {n} for the garden",
        "tokens_in": 12,
    }
    return [
        {name: made(n) if callable(made) else made for name, made in (usual | fields).items()}
        for n in range(count)
    ]


def lines(records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.fixture
def log(tmp_path):
    """Writes a log's files and returns its directory."""

    def write(**files):
        folder = tmp_path / "log"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = folder / name.replace("__", ".").replace("_", "-")
            path.write_bytes(content if isinstance(content, bytes) else lines(content))
        return folder

    return write


@pytest.fixture
def detect(tmp_path, capsys, monkeypatch):
    """Runs the command: exit code, what it said on both streams, the result directory."""
    monkeypatch.delenv("STILLWATCH_KEY", raising=False)
    monkeypatch.setenv("COLUMNS", "2000")

    def run(*arguments, out=tmp_path / "results" / "out"):
        with pytest.raises(SystemExit) as left:
            main(["detect", *map(str, arguments), "--out", str(out)])
        assert_nothing_half_done(tmp_path)
        said = capsys.readouterr()
        return left.value.code, said.out + said.err, out

    return run


def assert_nothing_half_done(where):
    for path in where.rglob("*"):
        assert not path.name.startswith("."), f"left behind: {path}"
        if path.name == "out" and path.is_dir():
            assert {file.name for file in path.iterdir()} in (OURS, OURS - {"stillwatch.key"})


def told(out):
    return json.loads((out / "campaigns.json").read_bytes())


def rejected(out):
    return [json.loads(line) for line in (out / "rejected.jsonl").read_bytes().splitlines()]


def assert_read(result, *, code, exchanges, rejections=0, repeats=0):
    left, _, out = result
    summary = told(out)["log"]
    assert (left, summary["exchanges"], summary["repeats"]) == (code, exchanges, repeats)
    assert summary["rejected"] == rejections == len(rejected(out))
    assert told(out)["campaigns"] == []
    assert (
        pq.read_table(out / "flags.parquet").num_rows == pq.read_table(out / "members.parquet").num_rows == 0
    )


def assert_refused(result, code, *words):
    left, said, out = result
    assert left == code
    assert not out.exists()
    for word in words:
        assert word in said
    assert "Traceback" not in said


# --- logs with little in them


def test_a_file_without_a_record_is_an_empty_result(detect, log):
    result = detect(log(exchanges__jsonl=b""))
    assert_read(result, code=0, exchanges=0)
    assert told(result[2])["log"]["first_ts"] is None


def test_accounts_without_exchanges_are_an_empty_result(detect, log):
    assert_read(detect(log(accounts__jsonl=[{"account_id": "acc-1", "plan": "pro"}])), code=0, exchanges=0)


def test_no_log_at_all_is_not_mistaken_for_a_quiet_one(detect, log, tmp_path):
    (tmp_path / "empty").mkdir()
    assert_refused(detect(tmp_path / "empty"), 3, "no log found in", "empty")
    strangers = log(notes__txt=b"hello", picture__png=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert_refused(detect(strangers), 3, "no log found", "2 files of other kinds")


def test_unrelated_files_beside_a_log_are_passed_over(detect, log):
    folder = log(exchanges__jsonl=calls(3), notes__txt=b"hello", picture__png=b"\x89PNG\r\n\x1a\n\0\0")
    (folder / "sub").mkdir()
    assert_read(detect(folder), code=0, exchanges=3)


@pytest.mark.parametrize("count", [1, 40])
def test_one_account_and_nothing_known_of_it(detect, log, count):
    result = detect(log(exchanges__jsonl=calls(count, account_id="only")))
    assert_read(result, code=0, exchanges=count)
    assert told(result[2])["log"]["accounts"] == 1


def test_times_and_accounts_alone(detect, log):
    bare = [{k: call[k] for k in ("exchange_id", "ts", "account_id")} for call in calls(60)]
    result = detect(log(exchanges__jsonl=bare))
    assert_read(result, code=0, exchanges=60)
    assert "log has no" in result[1]


def test_no_text_at_all(detect, log):
    assert_read(detect(log(exchanges__jsonl=calls(60, prompt=None))), code=0, exchanges=60)


def test_accounts_and_models_nobody_knows(detect, log):
    events = [
        {"ts": MARCH + 7, "kind": "ban", "account_id": "nobody"},
        {"ts": MARCH + 8, "kind": "unban", "account_id": "nobody else"},
        {"ts": MARCH - 900 * DAY, "kind": "model_release", "model": "unheard-of"},
        {"ts": MARCH + 900 * DAY, "kind": "model_release"},
        {"ts": MARCH + 9, "kind": "ban"},
        {"ts": MARCH + 9, "kind": "policy_change", "note": "<b>new</b>"},
    ]
    accounts = [{"account_id": "never called", "payment_fp": "fp", "status": "banned", "status_at": MARCH}]
    folder = log(exchanges__jsonl=calls(20), events__jsonl=events * 2, accounts__jsonl=accounts)
    result = detect(folder)
    assert_read(result, code=0, exchanges=20)
    assert told(result[2])["log"]["accounts"] == 5
    assert len(told(result[2])["log"]["events"]) == len(events)


# --- times, order, repetition


def test_a_clock_that_jumps_by_decades(detect, log):
    jumps = calls(90, ts=lambda n: 946_684_800_000_000 + (n % 3) * 49 * 365 * DAY + n)
    result = detect(log(exchanges__jsonl=jumps))
    assert_read(result, code=0, exchanges=90)
    assert told(result[2])["log"]["first_ts"].startswith("2000-")
    assert told(result[2])["log"]["last_ts"].startswith("2097-")


def test_repeated_late_and_reordered_records_in_several_files_and_forms(detect, log):
    some = calls(60)
    table = pa.Table.from_pylist([record | {"ts": record["ts"] // 1000} for record in some[30:50]])
    table = table.set_column(1, "ts", table["ts"].cast(pa.timestamp("ms")))
    folder = log(
        exchanges_1__jsonl=some[20:40][::-1],
        exchanges_2__jsonl__gz=gzip.compress(lines(some[:20] + some[:5])),
        exchanges_4__jsonl=some[45:],
    )
    pq.write_table(table, folder / "exchanges-3.parquet")
    result = detect(folder, folder / "exchanges-1.jsonl")
    assert_read(result, code=0, exchanges=60, repeats=5 + 10 + 5)
    assert told(result[2])["log"]["files"] == 4


# --- damage


def test_a_half_written_last_line(detect, log):
    result = detect(log(exchanges__jsonl=lines(calls(5))[:-9]))
    assert_read(result, code=3, exchanges=4, rejections=1)
    assert rejected(result[2])[0]["line"] == 5


def test_wrong_types_are_counted_one_by_one(detect, log):
    bad = [
        *calls(1, ts="yesterday"),
        *calls(1, ts=12),
        *calls(1, account_id=7),
        *calls(1, exchange_id=""),
        *calls(1, tokens_in=-1),
        *calls(1, tokens_out="many"),
        *calls(1, messages={"role": "user"}),
        *calls(1, tools=[1]),
        *calls(1, http_status=9000),
        *calls(1, country="Utopia"),
        {"ts": MARCH, "account_id": "acc"},
        {},
    ]
    folder = log(
        exchanges__jsonl=lines(bad) + b"null\n[]\n7\nnonsense\n" + lines(calls(3)),
        accounts__jsonl=[{"plan": "pro"}, {"account_id": "acc-1", "kyc_level": "high"}],
        events__jsonl=[{"ts": MARCH, "kind": "party"}],
    )
    assert_read(detect(folder), code=3, exchanges=3, rejections=len(bad) + 4 + 3)


def test_text_that_is_not_utf8(detect, log):
    bad = lines(calls(1, prompt="XX")).replace(b"XX", b"\xff\xfe\x80")
    assert_read(detect(log(exchanges__jsonl=bad + lines(calls(2)))), code=3, exchanges=2, rejections=1)


def test_all_rejected_writes_nothing_and_names_the_first(detect, log):
    folder = log(exchanges__jsonl=b"nonsense\n" * 3)
    assert_refused(detect(folder), 3, "exchanges.jsonl:1: not JSON", "2 more rejections")


def test_files_cut_short(detect, log, tmp_path):
    pq.write_table(pa.Table.from_pylist(calls(20)), tmp_path / "whole")
    folder = log(
        exchanges_1__parquet=(tmp_path / "whole").read_bytes()[:-40],
        exchanges_2__jsonl__gz=gzip.compress(lines(calls(500, exchange_id=lambda n: f"gz-{n * 7919}")))[
            :-400
        ],
        exchanges_3__jsonl=calls(3),
    )
    left, said, out = detect(folder)
    assert left == 3
    assert {Path(r["file"]).name for r in rejected(out)} == {"exchanges-1.parquet", "exchanges-2.jsonl.gz"}
    assert 3 <= told(out)["log"]["exchanges"] < 503
    assert "2 rejected" in said


def test_a_prompt_of_ten_megabytes(detect, log):
    huge = calls(2, prompt=lambda n: f"{CANARY} " * 10_000 + "x" * 10_000_000 if n else "short")
    result = detect(log(exchanges__jsonl=huge), "--keep-text")
    assert_read(result, code=0, exchanges=2)
    assert sum(file.stat().st_size for file in result[2].iterdir()) < 1_000_000


HOSTILE = (
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "/dev/null",
    "'; DROP TABLE exchanges; --",
    "\u202egnp.exe\u0000\u0007\x1b[31m",
    "{value:.2f}{0}%s$HOME`id`",
    "\U0001f9a5" * 50,
    " ",
)


def test_hostile_strings_in_every_field(detect, log):
    texts = [name for name in EXCHANGES.names if pa.types.is_string(EXCHANGES.field(name).type)]
    own = {name: (lambda n, name=name: f"{HOSTILE[n % len(HOSTILE)]}{name[:3]}{n // 8}") for name in texts}
    own |= {
        "country": "DE",
        "pathway": lambda n: f"cloud:{HOSTILE[n % len(HOSTILE)]}",
        "tokens_out": 2**63 - 1,
    }
    own |= {
        "tools": [*HOSTILE],
        "replayed_ids": [*HOSTILE],
        "temperature": 1e300,
        "n_turns": 2**62,
        "max_tokens": 2**62,
    }
    texts = [name for name in ACCOUNTS.names if pa.types.is_string(ACCOUNTS.field(name).type)]
    closed = {
        "programme",
        "payment_kind",
        "phone_kind",
        "status",
        *(name for name in texts if name.endswith("country")),
    }
    accounts = [
        {name: f"{hostile}acc0" if name == "account_id" else hostile for name in texts if name not in closed}
        for hostile in HOSTILE
    ]
    events = [
        {"ts": MARCH, "kind": "policy_change", "note": hostile, "model": hostile} for hostile in HOSTILE
    ]
    folder = log(exchanges__jsonl=calls(64, **own), accounts__jsonl=accounts, events__jsonl=events)
    result = detect(folder)
    assert_read(result, code=0, exchanges=64)
    assert "<script>alert" not in (result[2] / "report.html").read_text()
    assert "\x1b[31m" not in result[1]


# --- places


def test_a_path_that_does_not_exist(detect, log, tmp_path):
    assert_refused(detect(tmp_path / "nowhere"), 3, "nowhere", "no such file")
    folder = log(exchanges__jsonl=calls(2))
    assert_refused(detect(folder, "--reference", tmp_path / "nowhere"), 3, "nowhere", "no such file")


def test_a_pipe_is_refused_at_once(detect, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert_refused(detect(tmp_path / "pipe"), 3, "neither a file nor a directory")


def test_a_file_name_that_is_not_utf8(detect, log):
    folder = log(exchanges__jsonl=calls(2))
    (Path(os.fsdecode(bytes(folder) + b"/exchanges-\xff.jsonl"))).write_bytes(lines(calls(4)))
    result = detect(folder)
    assert_read(result, code=3, exchanges=2, rejections=1)
    assert "not UTF-8" in rejected(result[2])[0]["reason"]


def test_an_earlier_result_among_the_logs_is_no_log(detect, log):
    folder = log(exchanges__jsonl=calls(4))
    (folder / "2026").mkdir()
    (folder / "exchanges.jsonl").rename(folder / "2026" / "exchanges.jsonl")
    for _ in range(2):
        assert_read(detect(folder, out=folder / "out"), code=0, exchanges=4)


def test_an_error_is_not_led_by_blank_lines_of_the_bar(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["detect", str(tmp_path), "--out", str(tmp_path / "out")])
    assert capsys.readouterr().err.startswith("stillwatch: no log found")


def test_a_reader_that_has_seen_enough_does_not_change_the_exit_code(log, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    code = "from stillwatch.cli import main; main()"
    folder = log(exchanges__jsonl=calls(4))
    done = subprocess.run(
        [sys.executable, "-c", code, "detect", str(folder), "--out", str(tmp_path / "out")],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 0, done.stderr
    assert told(tmp_path / "out")["log"]["exchanges"] == 4


def test_a_file_where_the_result_should_go(detect, log, tmp_path):
    (tmp_path / "taken").write_text("mine")
    code, said, _ = detect(log(exchanges__jsonl=calls(2)), out=tmp_path / "taken")
    assert (code, (tmp_path / "taken").read_text()) == (2, "mine")
    assert "is a file" in said
    code, said, _ = detect(log(exchanges__jsonl=calls(2)), out=tmp_path / "taken" / "below")
    assert code == 2
    assert "cannot be written" in said


def test_a_place_that_cannot_be_written(detect, log):
    code, said, _ = detect(log(exchanges__jsonl=calls(2)), out=Path("/proc/stillwatch/out"))
    assert code == 2
    assert "/proc/stillwatch/out: the result cannot be written there" in said


def test_a_place_with_an_odd_name(detect, log, tmp_path):
    """Quotes and wildcards mean something to the engine that looks for repeats."""
    odd = tmp_path / "it's [2026] * {a,b}?" / "out"
    assert_read(detect(log(exchanges__jsonl=calls(30) + calls(3)), out=odd), code=0, exchanges=30, repeats=3)


def test_a_failed_run_leaves_an_older_result_and_its_key(detect, log, tmp_path):
    _, _, out = detect(log(exchanges__jsonl=calls(4)))
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    (tmp_path / "bad.jsonl").write_text("nonsense\n")
    assert detect(tmp_path / "bad.jsonl")[0] == 3
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_a_failed_run_leaves_a_directory_that_was_there_as_it_was(detect, log, tmp_path):
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "notes").write_text("mine")
    assert detect(log(exchanges__jsonl=b"nonsense\n"), out=tmp_path / "place")[0] == 3
    assert [file.name for file in (tmp_path / "place").iterdir()] == ["notes"]


# --- settings


def test_the_key_is_made_once_and_only_beside_the_findings(detect, log, tmp_path):
    folder = log(exchanges__jsonl=calls(3))
    _, _, out = detect(folder)
    key = out / "stillwatch.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    text = key.read_text()
    detect(folder)
    assert key.read_text() == text
    assert list(tmp_path.rglob("*.key")) == [key]


def test_a_key_from_outside_is_not_written_down(detect, log, monkeypatch):
    monkeypatch.setenv("STILLWATCH_KEY", "ab" * 32)
    _, _, out = detect(log(exchanges__jsonl=calls(3)))
    assert {file.name for file in out.iterdir()} == OURS - {"stillwatch.key"}
    assert not any(b"abababab" in file.read_bytes() for file in out.iterdir())


@pytest.mark.parametrize("key", ["", "abcd", "ab" * 33, "zz" * 32])
def test_a_key_of_wrong_length(detect, log, monkeypatch, key):
    folder = log(exchanges__jsonl=calls(3))
    assert detect(folder)[0] == 0
    monkeypatch.setenv("STILLWATCH_KEY", key)
    code, said, _ = detect(folder)
    assert code == 4
    assert "64 hexadecimal digits" in said


def test_fields_that_can_be_dropped():
    assert chosen_fields([]) == frozenset()
    assert chosen_fields(["network,payments"]) == FIELD_GROUPS["network"] | FIELD_GROUPS["payments"]
    assert chosen_fields(["prompt, payment_fp", "account.plan"]) == {
        "prompt",
        "account.payment_fp",
        "account.plan",
    }
    assert chosen_fields(["org_id"]) == {"org_id"}


@pytest.mark.parametrize("names", ["colour", "prompt,colour", "account.prompt", "ts", "account.account_id"])
def test_fields_that_cannot_be_dropped(detect, log, names):
    assert_refused(detect(log(exchanges__jsonl=calls(2)), "--drop-fields", names), 2, "--drop-fields")
    with pytest.raises(UsageError):
        chosen_fields([names])


def test_a_dropped_field_is_as_good_as_absent(detect, log):
    result = detect(log(exchanges__jsonl=calls(20)), "--drop-fields", "text", "--drop-fields", "model")
    coverage = told(result[2])["log"]["coverage"]
    assert (coverage["prompt"], coverage["model"], coverage["tokens_in"]) == (0.0, 0.0, 1.0)


def test_a_reference_that_cannot_be_used(detect, log, tmp_path):
    folder = log(exchanges__jsonl=calls(2))
    for content, word in ((b"", "holds no exchange"), (b"nonsense\n", "not JSON")):
        (tmp_path / "exchanges-empty.jsonl").write_bytes(content)
        result = detect(folder, "--reference", tmp_path / "exchanges-empty.jsonl")
        assert_refused(result, 3, "reference log", word)


def test_rejections_of_a_reference_are_counted_too(detect, log, tmp_path):
    (tmp_path / "exchanges-benign.jsonl").write_bytes(b"nonsense\n" + lines(calls(9)))
    result = detect(log(exchanges__jsonl=calls(2)), "--reference", tmp_path / "exchanges-benign.jsonl")
    assert_read(result, code=3, exchanges=2, rejections=1)


def test_no_words_of_a_log_reach_the_result(detect, log):
    _, said, out = detect(log(exchanges__jsonl=calls(40, system=CANARY, response=CANARY)))
    assert CANARY not in said
    assert not any(CANARY.encode() in file.read_bytes() for file in out.iterdir())


def test_files_that_are_no_log_are_said(tmp_path, capsys):
    log = tmp_path / "log"
    log.mkdir()
    (log / "some.jsonl").write_bytes(lines(calls(20)))
    (log / "log.csv").write_text("a,b\n1,2\n")
    (log / "empty.jsonl").touch()
    with pytest.raises(SystemExit) as left:
        main(["detect", str(log), str(log / "log.csv"), "--out", str(tmp_path / "out")])
    said = capsys.readouterr().err
    assert left.value.code == 3
    assert f"ignored, no log: {log}/empty.jsonl, {log}/log.csv\n" in said
    assert f"rejected {log}/log.csv: no known log format: CSV is not read" in said


def test_a_folder_without_a_log_says_what_its_files_are(tmp_path, capsys):
    (tmp_path / "log.csv").write_text("a,b\n1,2\n")
    (tmp_path / "notes.txt").write_text("notes")
    with pytest.raises(SystemExit) as left:
        main(["detect", str(tmp_path), "--out", str(tmp_path / "out")])
    assert left.value.code == 3
    said = capsys.readouterr().err
    assert "log.csv: no known log format: CSV is not read" in said
    assert "(2 files of other kinds; " in said
