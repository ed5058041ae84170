"""From a log to a result: whole or absent, without the log's words, and no larger for the years between its calls."""

import json
import pickle
import resource
import signal
import subprocess
from contextlib import contextmanager

import msgspec
import pyarrow as pa
import pytest
from small_log import CAMPAIGN, CANARY, SECRET, records, write_log

from stillwatch.features.key import SketchKey
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.linking.rehearsal import START, Records, everybody
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES, Exchange, StillwatchError, UnreadableInput
from stillwatch.runtime import detect
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.replay import play

KEY = SketchKey(b"a key for tests of replays, 32 b")


@pytest.fixture(scope="module")
def kept(campaign_log, tmp_path_factory):
    """The findings of the log with a campaign, with and without text."""
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STILLWATCH_KEY", KEY.secret.hex())
        detect([campaign_log], folder / "without")
        detect([campaign_log], folder / "with", keep_text=True)
    return folder


def files_with(word, folder):
    return {file.name for file in folder.iterdir() if word.encode() in file.read_bytes()}


def test_a_campaign_is_found(kept):
    (campaign,) = json.loads((kept / "without" / "campaigns.json").read_bytes())["campaigns"]
    assert campaign["accounts"] == CAMPAIGN.size


def test_prompts_stand_in_no_file_unless_asked_for(kept):
    assert {file.name for file in (kept / "without").iterdir()} == {
        "alarms.jsonl",
        "campaigns.json",
        "flags.parquet",
        "members.parquet",
        "rejected.jsonl",
        "report.html",
    }
    for word in (CANARY, "Implement a Python class", "verbatim first", "me@example.com", SECRET):
        assert files_with(word, kept / "without") == set()


def test_kept_snippets_are_redacted_and_stand_in_two_files(kept):
    assert files_with(CANARY, kept / "with") == {"campaigns.json", "report.html"}
    (campaign,) = json.loads((kept / "with" / "campaigns.json").read_bytes())["campaigns"]
    assert campaign["snippets"]
    assert all("[removed]" in text and len(text) <= 160 for text in campaign["snippets"])
    assert files_with("me@example.com", kept / "with") == files_with(SECRET, kept / "with") == set()
    assert files_with("worker", kept / "with") == set()  # of the system prompt


def test_text_changes_no_finding(kept):
    with_text, without = (
        json.loads((kept / name / "campaigns.json").read_bytes()) for name in ("with", "without")
    )
    for campaign in with_text["campaigns"]:
        del campaign["snippets"]
    assert with_text == without


# --- a full disk


@contextmanager
def largest_file(size):
    """Every write past `size` bytes of a file fails, as on a full disk."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, handler)


def assert_too_full(log, folder, size):
    with largest_file(size), pytest.raises(StillwatchError) as failure:
        detect([log], folder / "deep" / "out")
    assert failure.value.exit_code == 5
    assert "oo large" in str(failure.value)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("size", [0, 2_000, 40_000])
def test_a_disk_that_fills_up_while_reading_leaves_nothing(campaign_log, tmp_path, monkeypatch, size):
    """At the key, and while sketches are spilled."""
    monkeypatch.delenv("STILLWATCH_KEY", raising=False)
    assert_too_full(campaign_log, tmp_path, size)


def test_a_disk_that_fills_up_while_the_result_is_written_leaves_nothing(campaign_log, kept, tmp_path):
    size = (kept / "without" / "report.html").stat().st_size
    assert_too_full(
        campaign_log, tmp_path, size - 100
    )  # the report says how long it took, in more or fewer digits


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a file system of so many kilobytes."""
    place = tmp_path / "disk"

    def mount(kilobytes):
        place.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(place)],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("kilobytes", [8, 1100])
def test_a_small_disk_is_left_as_it_was(small_disk, campaign_log, kilobytes, monkeypatch):
    monkeypatch.delenv("STILLWATCH_KEY", raising=False)
    place = small_disk(kilobytes)
    with pytest.raises(StillwatchError, match=r"(?i)no space left"):
        detect([campaign_log], place / "out")
    assert list(place.iterdir()) == []


def test_an_interrupt_while_looking_leaves_nothing(campaign_log, tmp_path):
    def stop(phase, _done, _all):
        if phase == "looking":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        detect([campaign_log], tmp_path / "out", progress=stop)
    assert list(tmp_path.iterdir()) == []


# --- years apart


def looped(folder, times):
    """The loop after exchanges at these times, and how often it was called."""
    calls = [Exchange(exchange_id=f"ex-{n}", ts=ts, account_id=f"acc-{n % 9}") for n, ts in enumerate(times)]
    rows = [msgspec.structs.asdict(call) for call in calls]
    folder.mkdir()
    log = SketchLog(folder)
    log.append(sketch(pa.RecordBatch.from_pylist(rows, schema=EXCHANGES), KEY))
    log.seal()
    loop, heard = Loop(KEY, 0.01), []
    play(
        loop,
        log,
        ACCOUNTS.empty_table(),
        EVENTS.empty_table(),
        lambda _phase, done, of: heard.append((done, of)),
    )
    return loop, heard


def test_years_without_an_exchange_cost_neither_steps_nor_memory(tmp_path):
    near, _ = looped(tmp_path / "near", [START + n * TICK for n in range(24)])
    far, heard = looped(tmp_path / "far", [946_684_800_000_000 + n * 16_000 * TICK // 4 for n in range(24)])
    assert heard == [(n, 24) for n in range(1, 25)]
    assert len(pickle.dumps(far)) <= len(pickle.dumps(near)) + 1000


# --- a reference


@pytest.fixture(scope="module")
def benign_log(tmp_path_factory):
    return write_log(tmp_path_factory.mktemp("benign") / "log", everybody(), "parquet")


def test_a_log_of_suspects_alone_is_judged_against_a_reference(benign_log, tmp_path):
    """There is nobody else in it that a campaign's exchanges could be told from."""
    played = CAMPAIGN.play()
    log = write_log(tmp_path / "log", Records(played.exchanges, played.accounts, []))
    findings = detect([log], tmp_path / "out", reference=benign_log)
    assert findings.log.accounts == CAMPAIGN.size


def test_a_log_is_judged_against_a_reference(campaign_log, benign_log, tmp_path):
    findings = detect([campaign_log], tmp_path / "out", reference=benign_log)
    assert [campaign.accounts for campaign in findings.campaigns] == [CAMPAIGN.size]
    assert findings.log.exchanges == len(records().exchanges)


def test_a_reference_of_one_exchange_says_nothing(campaign_log, tmp_path):
    one = Records(everybody().exchanges[:1], [], [])
    findings = detect([campaign_log], tmp_path / "out", reference=write_log(tmp_path / "one", one))
    assert len(findings.campaigns) == 1


def test_a_missing_reference_is_said_before_anything_is_read(campaign_log, tmp_path):
    def fail(*_said):
        raise AssertionError("the log was read first")

    with pytest.raises(UnreadableInput, match="nowhere"):
        detect([campaign_log], tmp_path / "out", reference=tmp_path / "nowhere", progress=fail)
