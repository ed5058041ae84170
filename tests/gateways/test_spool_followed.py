"""The real feed of a gateway and the real follower: nothing lost, nothing twice, consumed files gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import stillwatch
from stillwatch.sources import Block, decode
from stillwatch.sources.streams import open_stream, segment

WRITER = """
import json, os, sys, time
from pathlib import Path
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.exchange import Finished
from stillwatch.gateways.feed import Feed, FeedLimits
from stillwatch.gateways.trouble import Trouble

folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
trouble = Trouble()
feed = Feed(folder, trouble, FeedLimits(segment_bytes=20_000, segment_seconds=0.3))
for number in range(count):
    ts = time.time_ns() // 1000
    feed.finished(Finished(exchange_id=f"{name}-{number}", ts=ts, caller=Caller(account_id="acc-a"), route="chat",
                           asked={"prompt": f"{name} {number} " * 20}, status=200, latency_ms=1.0))
    if number % 50 == 0:
        time.sleep(0.01)
while trouble.counts["exchanges_written"] < count:
    time.sleep(0.01)
print("written", flush=True)
sys.stdin.readline()  # until it is closed, or killed
feed.close()
"""


@pytest.fixture
def writer(tmp_path):
    running = []

    def start(name, count):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(stillwatch.__file__).parents[1])},
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def wait_written(process):
    assert process.stdout.readline() == b"written\n"


class Reader:
    """Follows the spool as a watch does, and is stopped and started again."""

    def __init__(self, folder):
        self.address = f"{folder}?consume=1"
        self.position = None
        self.stream = open_stream(self.address, None)
        self.ids = []

    def read(self):
        delivery = self.stream.poll(0.05, 1 << 14)
        if delivery is None:
            return
        for block in delivery.blocks:
            assert isinstance(block, Block), block
            decoded = decode(block)
            assert not decoded.rejections
            self.ids += decoded.batch["exchange_id"].to_pylist()
        self.position = delivery.position
        self.stream.settled(delivery.position)

    def restart(self):
        self.stream.close()
        self.stream = open_stream(self.address, self.position)


def test_nothing_is_lost_or_read_twice_and_consumed_files_are_gone(tmp_path, writer, monkeypatch):
    monkeypatch.setattr(segment, "GROWN", 0.5)
    reader = Reader(tmp_path)
    killed, closed = writer("killed", 3000), writer("closed", 3000)
    rounds = 0
    while len(reader.ids) < 4000:
        reader.read()
        rounds += 1
        if rounds % 20 == 0:
            reader.restart()
    wait_written(killed)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    wait_written(closed)
    closed.communicate(b"\n", timeout=20)
    until = time.monotonic() + 20.0
    while time.monotonic() < until and list(tmp_path.glob("exchanges-*")):
        reader.read()
    reader.stream.close()
    assert sorted(reader.ids) == sorted(f"{name}-{n}" for name in ("killed", "closed") for n in range(3000))
    assert not list(tmp_path.glob("exchanges-*"))


def test_lines_are_read_while_their_segment_is_open(tmp_path, writer):
    process = writer("open", 10)
    wait_written(process)
    reader = Reader(tmp_path)
    until = time.monotonic() + 10.0
    while time.monotonic() < until and len(reader.ids) < 10:
        reader.read()
    reader.stream.close()
    assert len(reader.ids) == 10
    process.communicate(b"\n", timeout=20)
    assert reader.ids == [f"open-{n}" for n in range(10)]
