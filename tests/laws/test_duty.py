"""What a watch does beside watching: the same on a full disk, and verdicts for gateways."""

import errno
import json
import shutil
import threading
import time

import msgspec
import pytest
from harvest import CAMPAIGN, FDR, records
from staging import KEY, table
from test_watch_process import facts, in_time

from stillwatch.linking.rehearsal import DAY
from stillwatch.policy import VerdictTable
from stillwatch.records import EXCHANGES, Micros, StillwatchError
from stillwatch.runtime import duty, resting
from stillwatch.runtime.duty import Duty, Post
from stillwatch.runtime.following import Orders, follow
from stillwatch.runtime.ingest import Settings
from stillwatch.runtime.journal import Journal
from stillwatch.sinks import Patience
from stillwatch.sources import write


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    folder = tmp_path_factory.mktemp("duty") / "log"
    facts(folder)
    write(in_time(), folder / "exchanges.jsonl")
    return folder


def watched(log, home, out, monkeypatch, spoil=None):
    """Follow a log to its end; the duty's notices, and the watch."""
    notices = []
    orders = Orders((str(log),), home, Settings(KEY), FDR, until_end=True)
    if spoil:
        spoil(monkeypatch)
    with Duty(home, Post(out, out / "verdicts"), notices.append) as done:
        out.mkdir(parents=True, exist_ok=True)
        watch = follow(orders, done.hooks, threading.Event())
        done.conclude(watch)
    return notices, watch


def test_gateways_are_told_of_an_account_that_is_new_without_waiting_for_a_look(log, tmp_path, monkeypatch):
    source, out = tmp_path / "log", tmp_path / "out"
    shutil.copytree(log, source)
    _, watch = watched(source, tmp_path / "state", out, monkeypatch)
    looked, like = watch.state.loop.looked_at, min(CAMPAIGN.suspects)
    fresh = [
        msgspec.structs.replace(
            one, account_id="fresh", exchange_id=f"fresh/{number}", ts=Micros(one.ts + 30 * DAY)
        )
        for number, one in enumerate(one for one in records().exchanges if one.account_id == like)
    ]
    write(table(fresh[:3], EXCHANGES), source / "more.jsonl")
    orders = Orders((str(source),), tmp_path / "state", Settings(KEY), FDR)
    stop, deadline = threading.Event(), time.monotonic() + 60
    with Duty(tmp_path / "state", Post(out, out / "verdicts"), print) as duty:

        def round_(watch):
            duty.hooks.round(watch)
            if VerdictTable.open(out / "verdicts").lookup("fresh") or time.monotonic() > deadline:
                stop.set()

        watch = follow(orders, msgspec.structs.replace(duty.hooks, round=round_), stop)
    assert watch.state.loop.looked_at == looked
    verdict = VerdictTable.open(out / "verdicts").lookup("fresh")
    assert verdict is not None
    assert verdict.state == "suspected"


def full_now_and_then(monkeypatch):
    whole, calls = Journal.sync, [0]

    def sync(self, *arguments):
        calls[0] += 1
        if calls[0] in (1, 3):
            raise OSError(errno.ENOSPC, "No space left on device", "journal")
        whole(self, *arguments)

    monkeypatch.setattr(Journal, "sync", sync)
    monkeypatch.setattr("stillwatch.runtime.following.ROOM_AGAIN", 0.01)


def test_a_disk_that_was_full_changes_nothing(log, tmp_path, monkeypatch):
    with monkeypatch.context() as spoiled:
        notices, watch = watched(log, tmp_path / "a", tmp_path / "out-a", spoiled, full_now_and_then)
    plain, unspoiled = watched(log, tmp_path / "b", tmp_path / "out-b", monkeypatch)
    assert [one.alarm for one in notices] == [one.alarm for one in plain]
    assert len({one.alarm_id for one in notices}) == len(notices)
    assert watch.counts == unspoiled.counts
    assert watch.counts["exchanges"] == len(records().exchanges)


def unwritable_at_first(monkeypatch):
    whole, calls = duty.append, [0]

    def append(path, notices):
        calls[0] += 1
        if calls[0] <= 2:
            raise OSError(errno.EACCES, "Permission denied", str(path))
        whole(path, notices)

    monkeypatch.setattr(duty, "append", append)
    monkeypatch.setattr(resting, "PATIENCE", Patience(first=0.05, longest=0.05))


def test_alarms_that_cannot_be_written_down_wait_and_are_told_in_the_end(log, tmp_path, monkeypatch, caplog):
    with monkeypatch.context() as spoiled:
        notices, _ = watched(log, tmp_path / "a", tmp_path / "out-a", spoiled, unwritable_at_first)
    plain, _ = watched(log, tmp_path / "b", tmp_path / "out-b", monkeypatch)
    assert plain
    assert [one.alarm for one in notices] == [one.alarm for one in plain]
    assert len((tmp_path / "a" / duty.ALARMS).read_bytes().splitlines()) == len(plain)
    assert caplog.text.count("Permission denied; alarms wait") == 1


def test_verdicts_that_cannot_be_written_are_not_tried_in_every_round(log, tmp_path, monkeypatch, caplog):
    tries = []

    def publish(path, *_):
        tries.append(path)
        raise StillwatchError(f"{path}: cannot be written: No space left on device")

    monkeypatch.setattr(duty, "publish", publish)
    watched(log, tmp_path / "state", tmp_path / "out", monkeypatch)
    assert 1 <= len(tries) <= 8  # of more than a hundred rounds in a few seconds
    assert caplog.text.count("gateways go on with older verdicts") == 1


def test_gateways_find_the_accounts_of_the_campaign_and_no_others(log, tmp_path, monkeypatch):
    watched(log, tmp_path / "state", tmp_path / "out", monkeypatch)
    table_ = VerdictTable.open(tmp_path / "out" / "verdicts")
    accounts = {one.account_id for one in records().exchanges}
    held = {name for name in accounts if table_.lookup(name) is not None}
    assert held == set(CAMPAIGN.suspects)
    verdict = table_.lookup(next(iter(held)))
    assert verdict.state == "open"
    assert verdict.accounts == CAMPAIGN.size
    findings = json.loads((tmp_path / "out" / "campaigns.json").read_bytes())
    assert verdict.campaign_id == findings["campaigns"][0]["campaign_id"]


def test_a_log_that_is_watched_again_says_nothing_twice(log, tmp_path, monkeypatch):
    first, _ = watched(log, tmp_path / "state", tmp_path / "out", monkeypatch)
    again, watch = watched(log, tmp_path / "state", tmp_path / "out", monkeypatch)
    assert first
    assert not again
    assert watch.counts["exchanges"] == len(table(records().exchanges, EXCHANGES))
