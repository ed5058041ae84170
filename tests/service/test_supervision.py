"""The watch beside the service, with real processes in its place."""

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise

import pytest

from stillwatch.runtime.lock import holder
from stillwatch.service import supervision
from stillwatch.service.supervision import Supervisor

HOLD = """
import signal, sys, time
from pathlib import Path
from stillwatch.runtime.lock import claimed
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with claimed(Path(sys.argv[1])):
    time.sleep(60)
"""


def until(true, seconds=10.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(autouse=True)
def path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))


@pytest.fixture
def start(tmp_path, monkeypatch):
    monkeypatch.setattr(supervision, "FIRST", 0.02)
    made, starts = [], []

    def begin(program):
        one = Supervisor(
            [str(tmp_path)],
            tmp_path,
            lambda: starts.append(time.monotonic()),
            command=[sys.executable, "-c", program],
        )
        made.append(one)
        one.start()
        return one, starts

    yield begin
    for one in made:
        one.close()


def test_a_watch_that_dies_is_started_again_later_each_time(start):
    one, starts = start("import sys; sys.exit(7)")
    assert until(lambda: len(starts) >= 4)
    assert until(lambda: "ended with 7" in (one.trouble() or ""))
    between = [later - earlier for earlier, later in pairwise(starts)]
    assert between[2] > between[0]


def test_a_watch_that_is_killed_is_started_again_and_ends_with_the_service(start, tmp_path):
    one, starts = start(HOLD)
    assert until(lambda: holder(tmp_path))
    assert one.trouble() is None
    first = holder(tmp_path)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: holder(tmp_path) not in (None, first))
    assert len(starts) == 2
    one.close()
    assert holder(tmp_path) is None


def test_a_watch_that_was_left_is_ended_first(start, tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)]) as left:
        assert until(lambda: holder(tmp_path) == left.pid)
        start(HOLD)
        assert left.wait(10) == 0
    assert until(lambda: holder(tmp_path) not in (None, left.pid))


def test_a_program_that_is_not_there_is_a_trouble(tmp_path):
    one = Supervisor([], tmp_path, lambda: None, command=["/no/such/program"])
    one.start()
    assert until(lambda: "ended with 2" in (one.trouble() or ""))
    one.close()
