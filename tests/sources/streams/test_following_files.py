import gzip
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from stillwatch.records import Rejection, UnreadableInput, UsageError
from stillwatch.sources import Block, catalogue, decode
from stillwatch.sources._reading import blocks as reading
from stillwatch.sources.streams import open_stream, segment, transports
from stillwatch.sources.streams._following import folder, newcomer, tail, whole


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    """Looks at the folder with every poll, and files that are quiet after a tenth of a second."""
    monkeypatch.setattr(folder, "LOOKS", (0.0, 0.0))
    for module in (newcomer, tail, whole):
        monkeypatch.setattr(module, "QUIET", 0.1)


@pytest.fixture
def follow():
    opened = []

    def begin(path, position=None):
        opened.append(open_stream(str(path), position))
        return opened[-1]

    yield begin
    for stream in opened:
        stream.close()


def drain(stream, seconds=5):
    """Deliveries until the stream is exhausted."""
    found, end = [], time.monotonic() + seconds
    while True:
        delivery = stream.poll(0, 1 << 20)
        if delivery is not None:
            found.append(delivery)
        elif stream.exhausted:
            return found
        assert time.monotonic() < end


def old(path):
    """As if it had been written an hour ago."""
    os.utime(path, (time.time() - 3600,) * 2)


def rejected(deliveries):
    return [block.reason for one in deliveries for block in one.blocks if isinstance(block, Rejection)]


def test_a_growing_file_is_read_by_whole_lines(tmp_path, follow, ids, exchange):
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(exchange(1) + exchange(2)[:20])
    stream = follow(tmp_path)
    assert ids(stream.poll(0, 1 << 20)) == ["ex-1"]
    assert stream.poll(0, 1 << 20) is None
    with file.open("ab") as more:
        more.write(exchange(2)[20:] + exchange(3))
    assert ids(stream.poll(1, 1 << 20)) == ["ex-2", "ex-3"]


def test_lines_keep_their_numbers_over_a_restart(tmp_path, follow, exchange):
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(exchange(1) + exchange(2))
    position = drain(follow(tmp_path))[-1].position
    with file.open("ab") as more:
        more.write(exchange(3) + b"{broken\n")
    found = drain(follow(tmp_path, position))
    blocks = [block for one in found for block in one.blocks]
    assert [block.first_line for block in blocks] == [3]
    assert [one.line for one in decode(blocks[0]).rejections] == [4]


def test_a_last_line_that_is_whole_json_is_taken_once_it_is_quiet(tmp_path, follow, ids, exchange):
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(exchange(1) + exchange(2).rstrip())
    stream = follow(tmp_path)
    assert ids(stream.poll(0, 1 << 20)) == ["ex-1"]
    assert not stream.exhausted
    found = drain(stream)
    assert ids(*found) == ["ex-2"]
    with file.open("ab") as more:
        more.write(b"\n" + exchange(3))
    assert ids(*drain(follow(tmp_path, found[-1].position))) == ["ex-3"]


def test_a_last_line_that_is_half_waits_and_does_not_hold_up_the_end(tmp_path, follow, ids, exchange):
    (tmp_path / "exchanges.jsonl").write_bytes(exchange(1) + exchange(2)[:-9])
    assert ids(*drain(follow(tmp_path))) == ["ex-1"]


def test_formats_of_lines_are_followed_by_content(tmp_path, follow):
    for name, source in catalogue().items():
        (tmp_path / f"{name}.log").write_bytes(source.example)
    stream = follow(tmp_path)
    found = {block.source: block for one in drain(stream) for block in one.blocks}
    assert set(found) == set(catalogue())
    assert all(len(decode(block).batch) for block in found.values())


def test_packed_and_binary_files_are_read_whole_once_they_are_quiet(tmp_path, follow, ids, exchange):
    stream = follow(tmp_path)
    packed = gzip.compress(b"".join(map(exchange, range(1000))))
    file = tmp_path / "exchanges.jsonl.gz"
    file.write_bytes(packed[:50])
    assert stream.poll(0, 1 << 20) is None
    assert not stream.exhausted
    file.write_bytes(packed)
    found = drain(stream)
    assert len(ids(*found)) == 1000
    assert not drain(follow(tmp_path, found[-1].position))
    file.rename(tmp_path / "exchanges-1.jsonl.gz")
    assert not drain(follow(tmp_path, found[-1].position))


def test_a_whole_file_is_gone_on_with_in_the_middle(tmp_path, follow, ids, monkeypatch):
    monkeypatch.setattr(reading.line_blocks, "__kwdefaults__", {"size": 1})
    monkeypatch.setattr("stillwatch.sources._reading.unpack.READ", 8192)
    pad = (
        b'{"exchange_id": "ex-%d", "ts": 1772438400000000, "account_id": "a", "prompt": "'
        + b"x" * 500_000
        + b'"}\n'
    )
    (tmp_path / "exchanges.jsonl.gz").write_bytes(
        gzip.compress(b"".join(pad % number for number in range(6)))
    )
    old(tmp_path / "exchanges.jsonl.gz")
    stream = follow(tmp_path)
    first = stream.poll(0, 1)
    rest = drain(follow(tmp_path, first.position))
    assert rest
    assert ids(first, *rest) == [f"ex-{number}" for number in range(6)]


def test_folders_below_are_followed_unless_the_folder_is_a_log(tmp_path, follow, ids, exchange):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "day.jsonl").write_bytes(exchange(1))
    (tmp_path / "_partial.jsonl").write_bytes(exchange(7))
    (tmp_path / "decisions-1.jsonl").write_bytes(exchange(8))
    assert ids(*drain(follow(tmp_path))) == ["ex-1"]
    (tmp_path / "exchanges.jsonl").write_bytes(exchange(2))
    assert ids(*drain(follow(tmp_path))) == ["ex-2"]


def test_one_file_is_followed_through_its_rotation(tmp_path, follow, ids, exchange):
    file = tmp_path / "gateway.log"
    file.write_bytes(exchange(1))
    (tmp_path / "other.log").write_bytes(exchange(9))
    stream = follow(file)
    position = drain(stream)[-1].position
    with file.open("ab") as more:
        more.write(exchange(2))
    file.rename(tmp_path / "gateway.log.1")
    file.write_bytes(exchange(3))
    assert ids(*drain(stream)) == ["ex-2", "ex-3"]
    assert ids(*drain(follow(file, position))) == ["ex-2", "ex-3"]


def test_a_removed_file_is_read_to_its_end_while_it_is_open(tmp_path, follow, ids, exchange):
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(exchange(1))
    stream = follow(tmp_path)
    drain(stream)
    with file.open("ab") as more:
        more.write(exchange(2))
        file.unlink()
        more.write(exchange(3).rstrip())
    assert ids(*drain(stream)) == ["ex-2", "ex-3"]


@pytest.fixture
def unprivileged(monkeypatch):
    """A folder of somebody who cannot read what is forbidden, as root can."""
    monkeypatch.setattr(newcomer, "RETRY", 0.1)
    path = Path(tempfile.mkdtemp())
    path.chmod(0o777)
    root = not os.geteuid()
    if root:
        os.chown(path, 65534, -1)
        os.seteuid(65534)
    yield path
    if root:
        os.seteuid(0)
    path.chmod(0o777)
    shutil.rmtree(path)


def test_a_file_that_cannot_be_read_is_told_once_and_read_when_it_can_be(unprivileged, follow, ids, exchange):
    (unprivileged / "exchanges-a.jsonl").write_bytes(exchange(1))
    stream = follow(unprivileged)
    drain(stream)
    bad = unprivileged / "exchanges-b.jsonl"
    bad.write_bytes(exchange(2))
    bad.chmod(0)
    with (unprivileged / "exchanges-a.jsonl").open("ab") as more:
        more.write(exchange(3))
    found = drain(stream)
    assert rejected(found) == [f"cannot be opened: [Errno 13] Permission denied: '{bad}'"]
    assert [block.first_line for one in found for block in one.blocks if isinstance(block, Block)] == [2]
    time.sleep(0.15)
    assert not drain(stream)
    bad.chmod(0o600)
    time.sleep(0.15)
    assert ids(*drain(stream)) == ["ex-2"]


def test_a_folder_that_cannot_be_listed_is_told_once_and_nothing_is_forgotten(
    unprivileged, follow, ids, exchange
):
    file = unprivileged / "exchanges.jsonl"
    file.write_bytes(exchange(1))
    stream = follow(unprivileged)
    drain(stream)
    unprivileged.chmod(0)
    assert rejected(drain(stream)) == ["cannot be listed: Permission denied"]
    assert not drain(stream)
    unprivileged.chmod(0o777)
    with file.open("ab") as more:
        more.write(exchange(2))
    assert ids(*drain(stream)) == ["ex-2"]


def test_a_packed_file_that_was_begun_is_read_on_when_it_is_gone(tmp_path, follow, ids, exchange):
    (tmp_path / "exchanges.jsonl").write_bytes(exchange(1))
    packed = tmp_path / "exchanges.jsonl.gz"
    packed.write_bytes(gzip.compress(exchange(2) + b" " * 100))
    old(packed)
    stream = follow(tmp_path)
    first = stream.poll(0, 1)
    packed.unlink()
    assert ids(first, *drain(stream)) == ["ex-1", "ex-2"]


def test_bytes_that_are_no_text_are_rejected_where_they_stand(tmp_path, follow, exchange):
    (tmp_path / "exchanges.jsonl").write_bytes(exchange(1) + b"\xff\xfe\x00\n" + exchange(2))
    (block,) = [block for one in drain(follow(tmp_path)) for block in one.blocks]
    decoded = decode(block)
    assert len(decoded.batch) == 2
    assert [one.line for one in decoded.rejections] == [2]


def test_a_name_that_is_not_utf8_is_told(tmp_path, follow, exchange):
    (tmp_path / os.fsdecode(b"\xff.jsonl")).write_bytes(exchange(1))
    (tmp_path / "good.jsonl").write_bytes(exchange(2))
    found = drain(follow(tmp_path))
    assert rejected(found) == ["the name of the file is not UTF-8"]


def test_an_overlong_line_is_passed_over_also_through_a_restart(tmp_path, follow, exchange, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST_LINE", 1000)
    monkeypatch.setattr(folder, "BLOCK", 400)
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(exchange(1) + b'{"prompt": "' + b"x" * 3000)
    stream = follow(tmp_path)
    found = drain(stream)
    assert rejected(found) == ["line longer than 0 MiB"]
    with file.open("ab") as more:
        more.write(b"x" * 700 + b'"}\n' + exchange(3))
    blocks = [block for one in drain(follow(tmp_path, found[-1].position)) for block in one.blocks]
    assert [(block.first_line, block.data) for block in blocks] == [(3, exchange(3))]


def test_a_new_file_under_an_old_inode_is_read_from_its_beginning(tmp_path, follow, ids, exchange):
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(exchange(1) + exchange(2))
    position = drain(follow(tmp_path))[-1].position
    file.write_bytes(exchange(3) + exchange(4) + exchange(5))  # in place
    assert ids(*drain(follow(tmp_path, position))) == ["ex-3", "ex-4", "ex-5"]


def test_files_are_read_in_order_of_time(tmp_path, follow, monkeypatch):
    monkeypatch.setattr(folder, "BLOCK", 1 << 18)

    def record(number, seconds):
        stamp = 1772438400_000000 + seconds * 1_000_000
        return b'{"exchange_id": "%d", "ts": %d, "account_id": "a", "prompt": "%s"}\n' % (
            number,
            stamp,
            b"x" * 900,
        )

    busy = [(second, second) for second in range(3000)]
    idle = [(10_000 + minute, minute * 60) for minute in range(50)] * 6
    (tmp_path / "exchanges-busy.jsonl").write_bytes(b"".join(record(*each) for each in busy))
    (tmp_path / "exchanges-idle.jsonl").write_bytes(b"".join(record(*each) for each in sorted(idle)))
    latest = worst = 0
    for one in drain(follow(tmp_path)):
        for block in one.blocks:
            times = [stamp.timestamp() for stamp in decode(block).batch["ts"].to_pylist()]
            worst = max(worst, latest - min(times))
            latest = max(latest, *times)
    assert worst < 60 + 900  # a minute, and the time that 64 kB of the slower file take


def test_accounts_come_before_exchanges(tmp_path, follow, exchange):
    (tmp_path / "a.jsonl").write_bytes(exchange(1))
    (tmp_path / "b.jsonl").write_bytes(b'{"account_id": "acc-a", "plan": "pro"}\n')
    kinds = [block.kind for one in drain(follow(tmp_path)) for block in one.blocks]
    assert kinds == ["accounts", "exchanges"]


def spool(folder_, name, data):
    (folder_ / name).write_bytes(data)


def test_many_accounts_and_events_come_before_exchanges(tmp_path, follow, exchange):
    with (tmp_path / "accounts.jsonl").open("w") as file:
        file.writelines(
            json.dumps({"account_id": f"account-{n}", "plan": "x" * 90}) + "\n" for n in range(3000)
        )
    with (tmp_path / "events.jsonl").open("w") as file:
        file.writelines(
            json.dumps({"ts": 1_800_000_000_000_000 + n, "kind": "ban", "account_id": "a"}) + "\n"
            for n in range(3000)
        )
    (tmp_path / "exchanges.jsonl").write_bytes(exchange(1))
    kinds = [block.kind for one in drain(follow(tmp_path)) for block in one.blocks]
    assert kinds == sorted(kinds, key=("accounts", "events", "exchanges").index)


def test_consumed_segments_of_a_spool_are_removed_once_settled(tmp_path, follow, ids, exchange):
    spool(tmp_path, "exchanges-host-9-1.jsonl", exchange(1))
    spool(tmp_path, "exchanges-host-9-2.jsonl", exchange(2).rstrip())
    spool(tmp_path, "exchanges-host-9-3.jsonl.open", exchange(3))
    spool(tmp_path, "exchanges-host-9-4.jsonl", b"")
    spool(tmp_path, "exchanges-by-hand.jsonl", exchange(5))
    spool(tmp_path, "decisions-host-9-1.jsonl", b"{}\n")
    kept = follow(tmp_path)
    kept.settled(drain(kept)[-1].position)
    assert len(list(tmp_path.iterdir())) == 6
    stream = follow(f"{tmp_path}?consume=1")
    found = drain(stream)
    assert sorted(ids(*found)) == ["ex-1", "ex-2", "ex-3", "ex-5"]
    assert (tmp_path / "exchanges-host-9-1.jsonl").exists()
    stream.settled(found[-1].position)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "decisions-host-9-1.jsonl",
        "exchanges-by-hand.jsonl",
        "exchanges-host-9-3.jsonl.open",
    ]
    assert not drain(stream)


def test_a_segment_that_was_not_read_to_its_end_stays(tmp_path, follow, exchange):
    spool(tmp_path, "exchanges-host-9-1.jsonl.open", exchange(1))
    stream = follow(f"file://{tmp_path}?consume=1")
    position = drain(stream)[-1].position
    (tmp_path / "exchanges-host-9-1.jsonl.open").unlink()
    spool(tmp_path, "exchanges-host-9-1.jsonl", exchange(1) + exchange(2))
    stream.settled(position)
    assert (tmp_path / "exchanges-host-9-1.jsonl").exists()


def test_a_segment_is_read_while_it_is_open_and_removed_when_it_is_closed_later(
    tmp_path, follow, ids, exchange
):
    opened, closed = (tmp_path / f"exchanges-host-9-1.jsonl{end}" for end in (".open", ""))
    opened.write_bytes(exchange(1))
    stream = follow(f"{tmp_path}?consume=1")
    first = drain(stream)
    stream.settled(first[-1].position)
    assert (ids(*first), opened.exists()) == (["ex-1"], True)
    with opened.open("ab") as file:
        opened.rename(closed)
        file.write(exchange(2))
    second = drain(stream)
    assert ids(*second) == ["ex-2"]
    stream.settled(second[-1].position)
    assert not list(tmp_path.iterdir())
    opened.write_bytes(exchange(3))
    third = drain(stream)
    stream.settled(third[-1].position)
    opened.rename(closed)
    assert not drain(stream)
    assert not list(tmp_path.iterdir())


def test_what_was_settled_before_a_restart_is_removed_after_it(tmp_path, follow, exchange):
    spool(tmp_path, "exchanges-host-9-1.jsonl", exchange(1))
    position = drain(follow(f"{tmp_path}?consume=1"))[-1].position
    assert not drain(follow(f"{tmp_path}?consume=1", position))
    assert not list(tmp_path.iterdir())


def test_a_new_segment_with_the_inode_of_a_removed_one_is_not_taken_for_it(tmp_path, follow, exchange):
    one, two = (tmp_path / f"exchanges-host-9-{number}.jsonl" for number in (1, 2))
    spool(tmp_path, one.name, exchange(1))
    stream = follow(f"{tmp_path}?consume=1")
    position = drain(stream)[-1].position
    one.write_bytes(exchange(2))  # of the same length, under the same inode
    one.rename(two)
    stream.settled(position)
    assert two.exists()


def test_an_open_segment_of_a_dead_process_is_removed_after_a_minute(tmp_path, follow, exchange):
    dead = _gone()
    mine, theirs, other = (
        tmp_path / f"exchanges-{host}-{pid}-1.jsonl.open"
        for host, pid in (
            (segment.this_host(), os.getpid()),
            (segment.this_host(), dead),
            ("elsewhere", dead),
        )
    )
    for number, path in enumerate((mine, theirs, other)):
        path.write_bytes(exchange(number) + b'{"exchange_id": "ex-cut')
    stream = follow(f"{tmp_path}?consume=1")
    found = drain(stream)
    stream.settled(found[-1].position)
    assert len(list(tmp_path.iterdir())) == 3
    minutes = {mine: 2, theirs: 2, other: 61}
    for path, ago in minutes.items():
        os.utime(path, (time.time() - 60 * ago,) * 2)
    cut = drain(stream)
    assert len(cut[-1].blocks) == 2  # lines that were cut short: whoever decodes them says so
    stream.settled(cut[-1].position)
    assert list(tmp_path.iterdir()) == [mine]


def _gone():
    """The number of a process that is over."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_a_position_is_short_and_json(tmp_path, follow, exchange):
    for number in range(300):
        (tmp_path / f"exchanges-{number}.jsonl").write_bytes(exchange(number))
    position = drain(follow(tmp_path))[-1].position
    assert len(json.loads(position)["files"]) == 300
    assert len(position) < 300 * 160 + len(str(tmp_path)) * 300


def test_addresses_that_cannot_be_meant(tmp_path):
    for query in ("?consume=2", "?consum=1", "?consume="):
        with pytest.raises(UsageError):
            open_stream(f"{tmp_path}{query}", None)
    (tmp_path / "one.jsonl").touch()
    for address in (f"{tmp_path}/one.jsonl?consume=1", f"file://elsewhere{tmp_path}", "gopher://host/log"):
        with pytest.raises(UsageError):
            open_stream(address, None)
    with pytest.raises(UsageError, match="position"):
        open_stream(str(tmp_path), "nonsense")
    with pytest.raises(UnreadableInput):
        open_stream(str(tmp_path / "none"), None)


def test_a_named_file_that_is_no_log_is_told(tmp_path, follow):
    (tmp_path / "notes.txt").write_text("hello\nworld\n")
    old(tmp_path / "notes.txt")
    assert rejected(drain(follow(tmp_path / "notes.txt"))) == ["no known log format"]
    assert not drain(follow(tmp_path))


def test_transports_are_found():
    assert {"", "file", "kafka", "nats", "tls+nats"} <= set(transports())


def test_how_quickly_lines_are_handed_over(tmp_path, follow, capsys):
    line = (
        b'{"exchange_id": "ex-%012d", "ts": 1772438400000000, "account_id": "a", "prompt": "'
        + b"x" * 1500
        + b'"}\n'
    )
    data = b"".join(line % number for number in range(20_000))
    (tmp_path / "exchanges.jsonl").write_bytes(data)
    stream = follow(tmp_path)
    begun, got = time.perf_counter(), 0
    while got < len(data):
        got += sum(len(block.data) for block in stream.poll(5, 32 << 20).blocks if isinstance(block, Block))
    took = time.perf_counter() - begun
    with capsys.disabled():
        print(f"\nfollowing one file: {got / took / 1e6:.0f} MB/s")  # noqa: T201 - a figure for people


def test_the_end_stays_known_between_looks_at_the_folder(tmp_path, follow, exchange, monkeypatch):
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(exchange(1))
    stream = follow(tmp_path)
    drain(stream)
    monkeypatch.setattr(folder, "LOOKS", (60.0, 60.0))
    for _ in range(2):
        assert stream.poll(0, 1) is None
        assert stream.exhausted
    with file.open("ab") as more:
        more.write(exchange(2))
    assert stream.poll(0, 1) is not None
    assert not stream.exhausted
