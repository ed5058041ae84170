"""Any history of a followed folder hands over each whole line once after its last settle, in order per file."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from stillwatch.sources import Block
from stillwatch.sources.streams import open_stream
from stillwatch.sources.streams._following import folder


def line(number, length):
    """A record of which no other begins alike."""
    return b'{"exchange_id": "ex-%08d", "ts": 1772438400%06d, "account_id": "acc-a", "prompt": "%s"}\n' % (
        number,
        number,
        b"x" * length,
    )


class Following(RuleBasedStateMachine):
    """Writers with a half-written line each, rotation by renaming and by copying, and a reader that restarts."""

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.made = 0
        self.names = 0
        self.half = {}  # name -> what is still missing of its last line
        self.written = {}  # number of a line -> the file (by birth) it is in
        self.settled_lines = set()  # handed over at or before the settled position
        self.handed = []  # numbers since the last settle, in order
        self.position = self.settled_position = None
        self.lost = set()  # cut away before they were handed over
        self.births = {}
        self.stream = open_stream(str(self.folder), None)

    def teardown(self):
        if hasattr(self, "stream"):
            self.stream.close()
            shutil.rmtree(self.folder)

    def append(self, name, data):
        with (self.folder / name).open("ab") as file:
            file.write(data)

    @rule(
        name=st.sampled_from(["exchanges-a.jsonl", "exchanges-b.jsonl"]),
        count=st.integers(1, 4),
        cut=st.data(),
    )
    def write(self, name, count, cut):
        birth = self.births.setdefault(name, self.made)
        data = self.half.pop(name, b"")
        for _ in range(count):
            data += line(self.made, self.made % 3 * 400)
            self.written[self.made] = birth
            self.made += 1
        kept = cut.draw(st.one_of(st.just(0), st.integers(0, min(len(data), 900))))
        if kept:
            data, self.half[name] = data[:-kept], data[-kept:]
        self.append(name, data)

    def finish(self, name):
        if name in self.half:
            self.append(name, self.half.pop(name))

    def existing(self):
        return sorted(self.births)

    @precondition(lambda self: self.existing())
    @rule(data=st.data())
    def rotate_by_renaming(self, data):
        name = data.draw(st.sampled_from(self.existing()))
        self.finish(name)
        self.names += 1
        (self.folder / name).rename(self.folder / f"{name}.{self.names}")
        self.births.pop(name)

    @precondition(lambda self: self.existing())
    @rule(data=st.data())
    def rotate_by_copying(self, data):
        name = data.draw(st.sampled_from(self.existing()))
        self.finish(name)
        self.names += 1
        shutil.copyfile(self.folder / name, self.folder / f"{name}.{self.names}")
        self.births.pop(name)
        os.truncate(self.folder / name, 0)

    @precondition(lambda self: self.existing())
    @rule(data=st.data())
    def truncate(self, data):
        """What was not settled by then is lost, as far as it was not handed over."""
        name = data.draw(st.sampled_from(self.existing()))
        self.half.pop(name, None)
        birth = self.births.pop(name)
        self.lost |= {number for number, where in self.written.items() if where == birth} - self.settled_lines
        os.truncate(self.folder / name, 0)

    @rule(most=st.sampled_from([1, 700, 1 << 20]))
    def poll(self, most):
        delivery = self.stream.poll(0, most)
        if delivery is not None:
            for block in delivery.blocks:
                assert isinstance(block, Block), block
                self.handed += [int(text[20:28]) for text in block.data.splitlines() if text.strip()]
            self.position = delivery.position

    @precondition(lambda self: self.position is not None)
    @rule()
    def settle(self):
        self.stream.settled(self.position)
        self.settled_position = self.position
        self.settled_lines |= set(self.handed)
        self.handed = []

    @rule()
    def restart(self):
        self.stream.close()
        self.stream = open_stream(str(self.folder), self.settled_position)
        self.position, self.handed = self.settled_position, []

    @rule()
    def read_to_the_end(self):
        for name in list(self.half):
            self.finish(name)
        for _ in range(3):
            self.poll(1 << 20)
        missing = set(self.written) - self.settled_lines - set(self.handed) - self.lost
        assert not missing

    @invariant()
    def each_line_once(self):
        if not hasattr(self, "handed"):
            return
        assert len(self.handed) == len(set(self.handed))
        assert not self.settled_lines & set(self.handed)
        for birth in set(self.written.values()):
            mine = [number for number in self.handed if self.written[number] == birth]
            assert mine == sorted(mine)


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch):
    monkeypatch.setattr(folder, "LOOKS", (0.0, 0.0))
    monkeypatch.setattr(folder, "BLOCK", 700)


class TestFollowing(Following.TestCase):
    settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
