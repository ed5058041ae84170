"""A result is whole or absent, an older one is replaced only by a whole one, and strangers' files stay."""

import errno
import resource
import signal
from pathlib import Path

import pytest

from stillwatch.records import Findings, StillwatchError, UnreadableInput, UsageError
from stillwatch.reports import catalogue, write_all
from stillwatch.reports._writing.interface import Report

OURS = {
    "alarms.jsonl",
    "campaigns.json",
    "flags.parquet",
    "members.parquet",
    "rejected.jsonl",
    "report.html",
}


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def beside(out: Path) -> set[str]:
    return {path.name for path in out.parent.iterdir() if path.name.startswith(".")}


@pytest.fixture
def out(tmp_path):
    return tmp_path / "deep" / "out"


@pytest.fixture
def last_report():
    """Adds a report that is written last, for as long as a test runs."""

    def add(write):
        catalogue()["zz"] = Report("zz.txt", write)

    yield add
    catalogue().pop("zz", None)


def test_every_file_of_the_contract_is_written(findings: Findings, out: Path):
    write_all(findings, out)
    assert set(contents(out)) == OURS
    assert beside(out) == set()


def test_an_older_result_is_replaced_and_other_files_stay(findings: Findings, nothing: Findings, out: Path):
    write_all(findings, out)
    (out / "notes.md").write_text("ours")
    (out / "sub").mkdir()
    write_all(nothing, out)
    assert b'"campaigns": []' in (out / "campaigns.json").read_bytes()
    assert {path.name for path in out.iterdir()} == OURS | {"notes.md", "sub"}
    assert (out / "notes.md").read_text() == "ours"


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), MemoryError(), OSError(errno.EIO, "bad disk")])
def test_an_interrupt_leaves_nothing_of_a_new_result(findings, out, last_report, interruption):
    def stop(_findings, _directory):
        raise interruption

    last_report(stop)
    with pytest.raises((KeyboardInterrupt, MemoryError, StillwatchError)):
        write_all(findings, out)
    assert not out.exists()
    assert beside(out) == set()


def test_a_failure_while_moving_puts_the_older_result_back(findings, nothing, out, last_report):
    """A report that says it made a file and did not: the move fails after others have succeeded."""
    write_all(findings, out)
    before = contents(out)
    last_report(lambda _findings, _directory: None)
    with pytest.raises(StillwatchError, match=r"zz\.txt.*errno 2"):
        write_all(nothing, out)
    assert contents(out) == before
    assert beside(out) == set()


def test_a_full_disk_leaves_the_older_result(findings, nothing, out):
    """The process's own limit on file size stands in for a full disk: the system refuses the bytes alike."""
    write_all(nothing, out)
    before = contents(out)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, usual[1]))
        with pytest.raises(StillwatchError, match=f"cannot write the result to .*errno {errno.EFBIG}"):
            write_all(findings, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, handler)
    assert contents(out) == before
    assert beside(out) == set()


@pytest.mark.parametrize("name", ["flags", "rejected"])
def test_a_lost_input_is_named(findings: Findings, out: Path, name: str):
    path: Path = getattr(findings, name)
    path.unlink()
    with pytest.raises(UnreadableInput, match=rf"{path.name}.*errno 2"):
        write_all(findings, out)
    assert not out.exists()


def test_flags_that_are_no_parquet_are_refused(findings: Findings, out: Path):
    findings.flags.write_text("not parquet")
    with pytest.raises(UnreadableInput, match=r"run-flags\.parquet: not a Parquet file"):
        write_all(findings, out)
    assert not out.exists()


def test_a_file_in_the_way_is_wrong_usage(findings: Findings, tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        write_all(findings, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"
