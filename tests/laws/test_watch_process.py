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


def heard(watch, word):
    """Its messages up to the one with a word in it."""
    lines = [watch.stderr.readline()]
    while word not in lines[-1]:
        assert lines[-1], lines
        lines.append(watch.stderr.readline())
    return b"".join(lines)


@pytest.mark.slow
def test_an_interrupt_of_the_group_leaves_with_the_last_findings_and_a_second_one_without(tmp_path):
    facts(tmp_path / "log")
    write(in_time(), tmp_path / "log" / "exchanges.jsonl")
    arguments = ("watch", tmp_path / "log", "--out", tmp_path / "out")
    findings = tmp_path / "out" / "campaigns.json"
    how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "start_new_session": True}
    with stillwatch(*arguments, **how) as watch:
        heard(watch, b"campaign")  # by now the first findings are being written
        os.killpg(watch.pid, signal.SIGINT)
        heard(watch, b"interrupt again")
        os.killpg(watch.pid, signal.SIGINT)
        said = watch.communicate(timeout=120)[1].decode().replace("\n", " ")
    assert watch.returncode == 130
    assert said == (
        f"stillwatch: interrupted; {tmp_path / 'out'} holds no findings yet; starting again with the same --out writes them "
    )
    assert not findings.exists()
    with stillwatch(*arguments, "--state", tmp_path / "second", **how) as watch:
        heard(watch, b"campaign")
        os.killpg(watch.pid, signal.SIGINT)
        first, last = watch.communicate(timeout=120)[1].decode().strip().rsplit("\n", 1)
    assert "Traceback" not in first
    assert "could not be written" not in first
    taken = json.loads(findings.read_bytes())["log"]["exchanges"]
    assert last.startswith(f"{taken:,} exchanges, ")
    os.utime(findings, (1, 1))
    with stillwatch(*arguments, "--state", tmp_path / "third", **how) as watch:
        heard(watch, b"campaign")
        os.killpg(watch.pid, signal.SIGINT)
        heard(watch, b"interrupt again")
        os.killpg(watch.pid, signal.SIGINT)
        said = watch.communicate(timeout=120)[1].decode()
    assert "holds the findings of an earlier time; starting again with the same --out writes the rest" in said
    assert findings.stat().st_mtime == 1


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
