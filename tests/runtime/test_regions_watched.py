"""`stillwatch watch --regions` as a process: those abroad are asked for a level, also when it is killed on the way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from abroad import ABROAD, HOME, RANGES, REGIONS, account_batch, exchange_batch

from stillwatch.access.regions import evidence
from stillwatch.cli import main
from stillwatch.policy import StandingTable
from stillwatch.sources import write

PROGRAM = [sys.executable, "-c", "from stillwatch.cli import main; main()"]
LEVELS = Path(__file__).parents[2] / "src" / "stillwatch" / "access" / "levels" / "default.yaml"
KEY = "5c" * 32


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("STILLWATCH_")} | {
        "STILLWATCH_KEY": KEY,
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "200",
    }


def stillwatch(*arguments, **how):
    return subprocess.Popen([*PROGRAM, *map(str, arguments)], env=environment(), text=True, **how)


def told(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main([*map(str, arguments)])
    return left.value.code, capsys.readouterr().out


def arguments(folder, *more):
    (folder / "regions.yaml").write_text(REGIONS)
    (folder / "ranges.csv").write_text(RANGES)
    return (
        *("watch", folder / "log", "--out", folder / "out", "--store", f"sqlite:///{folder}/cases.db"),
        *("--levels", LEVELS, "--regions", folder / "regions.yaml", "--ranges", folder / "ranges.csv"),
        *more,
    )


def standings(folder):
    table = StandingTable.open(folder / "out" / "standings")
    return {name: table.lookup(name) for name in (*ABROAD, *HOME)}


def log(folder):
    (folder / "log").mkdir(parents=True)
    write(account_batch(), folder / "log" / "accounts.jsonl")
    return folder / "log" / "exchanges.jsonl"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    write(exchange_batch(), log(folder))
    watch = stillwatch(*arguments(folder, "--until-end"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, errors = watch.communicate(timeout=120)
    assert watch.returncode == 0, errors
    return folder, errors


def test_those_abroad_are_asked_and_people_can_see_why(whole, capsys):
    folder, errors = whole
    assert f"{folder}/ranges.csv:3: left out: neither a range nor a network: 'nonsense'" in errors
    found = standings(folder)
    for name in ABROAD:
        assert (found[name].asked, found[name].terms.reason) == (3, "region_not_supported")
        assert found[name].region_outside > 0.95
    assert all(found[name] is None or not found[name].asked for name in HOME)
    kept = evidence.beside(folder / "out" / "standings")
    assert kept.stat().st_mode & 0o77 == 0
    check = ("access", "check", "abroad-0", "--standings", str(folder / "out" / "standings"))
    code, shown = told(capsys, *check)
    assert code == 1
    for part in (
        "most likely Thailand (TH)",
        "presence: here steadily",
        "certainty",
        "phone agrees, owners",
        "before the evidence",
    ):
        assert part in shown
    code, shown = told(capsys, *check[:2], "home-1", *check[3:])
    assert (code, "Thailand" in shown) == (0, False)


@pytest.mark.slow
def test_a_watch_that_is_killed_on_the_way_asks_the_same(whole, tmp_path):
    growing = log(tmp_path)
    source = tmp_path / "all.jsonl"
    write(exchange_batch(), source)
    data = source.read_bytes()
    growing.write_bytes(data[: len(data) * 2 // 3 - 100])  # in the middle of a line
    path = evidence.beside(tmp_path / "out" / "standings")
    with (tmp_path / "messages").open("w") as messages:
        watch = stillwatch(*arguments(tmp_path), stdout=messages, stderr=messages)
        until = time.monotonic() + 60
        while not path.exists():
            assert watch.poll() is None, (tmp_path / "messages").read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        watch.send_signal(signal.SIGKILL)
        watch.wait()
        growing.write_bytes(data)
        last = stillwatch(*arguments(tmp_path, "--until-end"), stdout=messages, stderr=messages)
        assert last.wait(120) == 0, (tmp_path / "messages").read_text()
    folder = whole[0]
    for name, once in standings(folder).items():
        other = standings(tmp_path)[name]
        assert (once is None) == (other is None)
        if once is not None:
            assert (once.asked, once.region_outside) == (other.asked, other.region_outside)
    for once, again in zip(verdicts(folder), verdicts(tmp_path), strict=True):
        assert once == again


def verdicts(folder):
    """What is kept, with nats to nine digits: they are sums of products, whose last digit is that of the batch."""
    rows = pq.read_table(evidence.beside(folder / "out" / "standings")).to_pylist()
    for row in rows:
        row["evidence"] = [{**part, "nats": round(part["nats"], 9)} for part in row["evidence"]]
    return [{**row, "doubt": round(row["doubt"], 9)} for row in rows]


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        (("--regions", "regions.yaml"), 2, "--regions needs --levels"),
        (("--mmdb", "x"), 2, "serve --regions"),
        (("--levels", LEVELS, "--regions", "bad.yaml"), 4, "bad.yaml:3:15: no such country: 'UK'"),
        (("--levels", LEVELS, "--regions", "regions.yaml", "--mmdb", "none"), 4, "not an MMDB"),
        (("--levels", LEVELS, "--regions", "regions.yaml", "--ranges", "none"), 4, "none"),
    ],
)
def test_what_is_wrong_with_the_files_is_said_before_anything_is_watched(
    wrong, code, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STILLWATCH_STORE", raising=False)
    Path("regions.yaml").write_text(REGIONS)
    Path("bad.yaml").write_text("otherwise: supported\nregions:\n  - {country: UK}\n")
    for command in (("watch", str(tmp_path)), ("serve",)):
        with pytest.raises(SystemExit) as left:
            main([*command, "--out", "out", "--store", "sqlite:///cases.db", *map(str, wrong)])
        assert left.value.code == code
        assert message in capsys.readouterr().err
