"""The command itself, killed again and again while its source grows: the alarms of a replay, each told once."""

import json
import os
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from harvest import records
from staging import table

from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES
from stillwatch.sources import write

MAIN = "from stillwatch.cli import main; main()"
KEY = "5c" * 32
PARTS = 12


def stillwatch(*arguments, **how):
    environment = os.environ | {"STILLWATCH_KEY": KEY, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-c", MAIN, *map(str, arguments)], env=environment, **how)


def in_time():
    exchanges = pa.Table.from_batches([table(records().exchanges, EXCHANGES)])
    return exchanges.take(pc.sort_indices(exchanges["ts"]))


def facts(folder):
    folder.mkdir(parents=True)
    write(table(records().accounts, ACCOUNTS), folder / "accounts.jsonl")
    write(table(records().events, EVENTS), folder / "events.jsonl")


def said(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def told(alarms):
    names = ("ts", "campaign_id", "kind", "accounts", "exchanges_so_far", "summary")
    return [(*(alarm[name] for name in names), f"{alarm['log_e_value']:.7g}") for alarm in alarms]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay")
    facts(folder / "log")
    write(in_time(), folder / "log" / "exchanges.jsonl")
    assert (
        stillwatch("detect", folder / "log", "--out", folder / "out", stdout=subprocess.DEVNULL).wait() == 1
    )
    return said(folder / "out" / "alarms.jsonl")


@pytest.mark.slow
def test_a_watch_killed_while_its_log_grows_loses_and_repeats_nothing(replayed, tmp_path):
    facts(tmp_path / "log")
    growing, whole = tmp_path / "log" / "exchanges.jsonl", tmp_path / "whole.jsonl"
    write(in_time(), whole)
    data = whole.read_bytes()
    arguments = (
        "watch",
        tmp_path / "log",
        "--out",
        tmp_path / "out",
        "--alarm-to",
        f"jsonl:{tmp_path / 'sink'}",
    )
    with (tmp_path / "messages").open("wb") as messages:
        for part in range(PARTS):
            with growing.open("ab") as file:  # cut anywhere, in the middle of lines
                file.write(data[len(data) * part // PARTS : len(data) * (part + 1) // PARTS])
            if part % 3 == 2:
                watch = stillwatch(*arguments, stdout=messages, stderr=messages)
                time.sleep(1.0 + 0.7 * part)
                watch.send_signal(signal.SIGKILL)
                watch.wait()
        last = stillwatch(*arguments, "--until-end", stdout=messages, stderr=messages)
        assert last.wait(120) == 1, (tmp_path / "messages").read_text()
    alarms = said(tmp_path / "out" / "state" / "alarms.jsonl")
    assert told(alarms) == told(replayed) == told(said(tmp_path / "out" / "alarms.jsonl"))
    sink = said(tmp_path / "sink")
    assert list(dict.fromkeys(one["alarm_id"] for one in sink)) == [one["alarm_id"] for one in alarms]


@pytest.mark.slow
def test_a_watch_that_is_asked_to_stop_stops_and_goes_on(replayed, tmp_path):
    facts(tmp_path / "log")
    write(in_time(), tmp_path / "log" / "exchanges.jsonl")
    arguments = ("watch", tmp_path / "log", "--out", tmp_path / "out")
    watch = stillwatch(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    while b"campaign" not in watch.stderr.readline():
        assert watch.poll() is None
    os.killpg(watch.pid, signal.SIGTERM)  # as a service manager does
    assert watch.wait(60) in (0, 1)
    watch.stderr.close()
    assert (
        stillwatch(*arguments, "--until-end", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait()
        == 1
    )
    assert told(said(tmp_path / "out" / "state" / "alarms.jsonl")) == told(replayed)


def test_addresses_that_nothing_follows_are_wrong_usage(tmp_path):
    for address in ("gopher://x", tmp_path / "nowhere"):
        watch = stillwatch(
            "watch",
            address,
            "--out",
            tmp_path / "out",
            "--until-end",
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        _, errors = watch.communicate(timeout=60)
        assert watch.returncode in (2, 3)
        assert str(address) in errors.decode().replace("\n", "")
