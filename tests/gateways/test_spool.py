import json
import multiprocessing
import os
import stat
import threading

import pytest

from stillwatch.gateways.spool import Spool, bytes_in


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def spool(folder, **stated):
    return Spool(folder, "exchanges", **({"segment_bytes": 100, "segment_seconds": 5.0} | stated))


def test_segments_close_by_size_and_age(tmp_path):
    clock = Clock()
    written = spool(tmp_path, clock=clock)
    written.append(b"x" * 99 + b"\n")
    written.append(b"y\n")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".jsonl", ".open"]
    written.tick()
    assert len(list(tmp_path.glob("*.open"))) == 1
    clock.now = 5.0
    written.tick()
    assert not list(tmp_path.glob("*.open"))
    assert len(list(tmp_path.glob("exchanges-*.jsonl"))) == 2
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


def test_a_follower_may_delete_what_is_closed_and_keep_open_what_it_reads(tmp_path):
    written = spool(tmp_path)
    written.append(b"one\n")
    (path,) = tmp_path.iterdir()
    with path.open("rb") as reader:
        written.append(b"two\n")
        written.close()
        assert reader.read() == b"one\ntwo\n"
    for closed in tmp_path.glob("*.jsonl"):
        closed.unlink()
    written.append(b"three\n")
    assert bytes_in(tmp_path) == 6


def _die(folder):
    spool(folder).append(b'{"a": 1}\n')
    os._exit(9)


def test_what_a_killed_process_wrote_is_closed_by_the_next(tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=_die, args=(tmp_path,))
    process.start()
    process.join()
    (left,) = tmp_path.glob("*.open")
    assert left.read_bytes() == b'{"a": 1}\n'
    spool(tmp_path).append(b"x\n")
    assert [path.read_bytes() for path in tmp_path.glob("*.jsonl")] == [b'{"a": 1}\n']


def test_lines_of_many_threads_stay_whole(tmp_path):
    written = spool(tmp_path, segment_bytes=10_000)
    threads = [
        threading.Thread(
            target=lambda name=name: [
                written.append(json.dumps({"n": name}).encode() + b"\n") for _ in range(200)
            ]
        )
        for name in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written.close()
    lines = [json.loads(line) for path in tmp_path.iterdir() for line in path.read_bytes().splitlines()]
    assert len(lines) == 800


def test_a_directory_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        spool(tmp_path / "file" / "spool").append(b"x\n")
