"""Following the published verdicts: quick to see a new file, silent in a request, said once in the log."""

import logging
import os
import subprocess
import sys

from composed import verdict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.policy import Follower


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_new_file_is_seen_at_the_next_look_and_not_before(published):
    clock = Clock()
    follower = Follower(published({"a": verdict()}, version=1), interval=0.2, clock=clock)
    assert follower.version == 0
    assert follower.lookup("a") == verdict()
    published({"b": verdict()}, version=2)
    clock.now = 0.19
    assert follower.lookup("b") is None
    assert follower.version == 1
    clock.now = 0.2
    assert follower.lookup("b") == verdict()
    assert follower.lookup("a") is None
    assert (follower.version, follower.failures) == (2, 0)


def test_a_file_that_is_missing_cut_or_foreign_holds_no_verdicts(published, tmp_path, caplog):
    clock = Clock()
    path = tmp_path / "verdicts"
    follower = Follower(path, clock=clock)

    def look():
        clock.now += 1
        return follower.lookup("a")

    with caplog.at_level(logging.WARNING, "stillwatch.policy"):
        assert look() is None
        assert look() is None
        assert (follower.failures, len(caplog.records)) == (2, 1)
        path.write_bytes(b"something else")
        assert look() is None
        assert look() is None
        assert (follower.failures, len(caplog.records)) == (4, 2)
        published({"a": verdict()})
        assert look() == verdict()
        assert "can be read again" in caplog.records[-1].message
        path.unlink()
        assert look() is None
        assert follower.version == 0
        assert (follower.failures, len(caplog.records)) == (5, 4)
        published({"a": verdict()})
        assert look() == verdict()


def test_a_file_renamed_into_place_is_taken(published, tmp_path):
    clock = Clock()
    path = published({"a": verdict()})
    kept = path.rename(tmp_path / "kept")
    follower = Follower(path, clock=clock)
    assert follower.lookup("a") is None
    clock.now = 1
    kept.rename(path)
    assert follower.lookup("a") == verdict()


def test_damage_met_in_a_request_is_no_error_of_the_request(published, caplog):
    path = published({"a": verdict(), "b": verdict()})
    data = bytearray(path.read_bytes())
    data[256:280] = b"\xff" * 24  # where the buckets stand
    path.write_bytes(data)
    follower = Follower(path)
    with caplog.at_level(logging.WARNING, "stillwatch.policy"):
        assert [follower.lookup(name) for name in "abab"] == [None] * 4
    assert follower.failures == 1
    assert "damaged" in caplog.text


def test_a_path_that_is_none(tmp_path):
    assert Follower(tmp_path / "a\0b").lookup("a") is None


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    follower = Follower(tmp_path / "pipe")
    assert follower.lookup("a") is None
    assert follower.failures == 1
    assert Follower(tmp_path).lookup("a") is None


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_whatever_the_file_holds_no_request_fails(tmp_path, content):
    path = tmp_path / "verdicts"
    path.write_bytes(content)
    assert Follower(path).lookup("a") is None


READER = """
import sys, time
from pathlib import Path
from stillwatch.policy import Follower

follower, last, seen = Follower(Path(sys.argv[1]), interval=0.0), int(sys.argv[2]), set()
print("ready", flush=True)
end = time.monotonic() + 30
while follower.version < last and time.monotonic() < end:
    table = follower.lookup("a0") and follower._table
    found = {table.lookup(f"a{n}").accounts for n in range(20)} if table else set()
    if found and found != {table.version}:
        sys.exit(f"{table.version} holds {found}")
    seen |= found
print(len(seen), follower.failures, follower.version)
"""


def test_another_process_sees_each_file_whole(published):
    last = 15
    path = published({f"a{n}": verdict(accounts=1) for n in range(20)}, version=1)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, path, str(last)], stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout.readline() == "ready\n"
    for version in range(2, last + 1):
        published({f"a{n}": verdict(accounts=version) for n in range(20)}, version=version)
    told, _ = reader.communicate(timeout=60)
    assert reader.returncode == 0
    seen, failures, version = map(int, told.split())
    assert seen > 1
    assert (failures, version) == (0, last)
