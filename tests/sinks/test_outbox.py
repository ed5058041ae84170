"""Delivery at least once: restarts, absent receivers, half-written lines, full disks, and a process killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from notices import IMPATIENT, SECRET, Receiver, free_port, fresh, notice, until

from stillwatch.records import StillwatchError, UnreadableInput, UsageError
from stillwatch.sinks import Outbox, append
from stillwatch.sinks._delivery.outbox import name_of
from stillwatch.sinks._delivery.record import line


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("HOOK", SECRET)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path


def hook(port):
    return f"webhook+http://127.0.0.1:{port}/#secret=HOOK"


def outbox(place, *urls, patience=IMPATIENT, **more):
    return Outbox(place / "alarms.jsonl", place / "outbox", urls, patience=patience, **more)


def ids(path):
    return [json.loads(text)["alarm_id"] for text in path.read_text().splitlines()] if path.exists() else []


def dead(place, url):
    path = place / "outbox" / name_of(url) / "dead.jsonl"
    return [json.loads(text) for text in path.read_text().splitlines()] if path.exists() else []


def numbered(count, start=0):
    return [f"alarm-{number:06d}" for number in range(start, start + count)]


def test_every_sink_gets_every_alarm_once_and_in_order(place):
    urls = [f"jsonl:{place}/a.jsonl", f"ocsf:{place}/b.jsonl"]
    seen = []
    with outbox(place, *urls, observe=lambda *what: seen.append(what)) as box:
        for start in (0, 20):
            append(place / "alarms.jsonl", [fresh(number) for number in range(start, start + 20)])
            box.wake()
        assert box.close(10)
        counts = box.counts()
    assert ids(place / "a.jsonl") == numbered(40)
    assert len((place / "b.jsonl").read_text().splitlines()) == 40
    assert [(one.scheme, one.delivered, one.failed, one.dead, one.lag) for one in counts] == [
        ("jsonl", 40, 0, 0, 0.0),
        ("ocsf", 40, 0, 0, 0.0),
    ]
    assert sorted(seen) == [("jsonl", "delivered")] * 40 + [("ocsf", "delivered")] * 40


def test_a_restart_goes_on_where_it_was(place):
    url = f"jsonl:{place}/a.jsonl"
    append(place / "alarms.jsonl", [fresh(number) for number in range(5)])
    assert outbox(place, url).close(10)
    append(place / "alarms.jsonl", [fresh(number) for number in range(5, 9)])
    assert outbox(place, url).close(10)
    assert ids(place / "a.jsonl") == numbered(9)
    cursor = json.loads((place / "outbox" / name_of(url) / "cursor.json").read_text())
    assert cursor["alarms"] == 9


def test_a_close_promises_only_what_is_noted_on_disk(place):
    """Delivered but not noted goes out again: that is no whole close."""
    url = f"jsonl:{place}/a.jsonl"
    box = outbox(place, url)
    note = place / "outbox" / name_of(url) / "cursor.new"
    note.symlink_to("/dev/full")
    append(place / "alarms.jsonl", [fresh(0)])
    box.wake()
    assert until(lambda: ids(place / "a.jsonl"))
    assert not box.close(0.2)
    note.unlink()
    assert outbox(place, url).close(10)
    assert ids(place / "a.jsonl") == ["alarm-000000"] * 2


def test_without_a_call_alarms_are_found(place):
    with outbox(place, f"jsonl:{place}/a.jsonl"):
        append(place / "alarms.jsonl", [fresh()])
        assert until(lambda: ids(place / "a.jsonl"), 5)


def test_one_url_given_twice_is_one_sink(place):
    url = f"jsonl:{place}/a.jsonl"
    append(place / "alarms.jsonl", [fresh()])
    assert outbox(place, url, url).close(10)
    assert len(ids(place / "a.jsonl")) == 1


def test_a_sink_that_is_away_holds_back_no_other_and_gets_all_when_it_returns(place):
    port = free_port()
    box = outbox(place, hook(port), f"jsonl:{place}/a.jsonl")
    append(place / "alarms.jsonl", [fresh(number) for number in range(6)])
    box.wake()
    assert until(lambda: len(ids(place / "a.jsonl")) == 6)
    assert until(lambda: box.counts()[0].failed >= 3)
    away = box.counts()[0]
    assert away.delivered == away.dead == 0
    assert away.lag > 0
    with Receiver(port=port) as receiver:
        assert box.close(10)
        assert [json.loads(body)["data"]["alarm_id"] for _, _, body in receiver.requests] == numbered(6)
    assert box.counts()[0].lag == 0


def test_a_close_that_runs_out_of_time_says_so_and_loses_nothing(place):
    port = free_port()
    append(place / "alarms.jsonl", [fresh(number) for number in range(3)])
    begun = time.monotonic()
    assert not outbox(place, hook(port)).close(0.3)
    assert time.monotonic() - begun < 2
    with Receiver(port=port) as receiver:
        assert outbox(place, hook(port)).close(10)
    assert len(receiver.requests) == 3


def test_retry_after_is_kept_to(place):
    append(place / "alarms.jsonl", [fresh()])
    with Receiver([(429, {"retry-after": "1"})]) as receiver:
        assert outbox(place, hook(receiver.port)).close(10)
    first, second = receiver.times
    assert second - first >= 1


def test_what_is_refused_is_a_dead_letter_and_the_next_one_goes_out(place, caplog):
    append(place / "alarms.jsonl", [fresh(number) for number in range(2)])
    with Receiver([(400, {})]) as receiver:
        box = outbox(place, hook(receiver.port))
        assert box.close(10)
    [letter] = dead(place, hook(receiver.port))
    assert letter["reason"] == "HTTP 400"
    assert letter["number"] == 1
    assert json.loads(letter["line"])["alarm_id"] == "alarm-000000"
    assert (box.counts()[0].dead, box.counts()[0].delivered) == (1, 1)
    assert "alarm 1 is a dead letter: HTTP 400" in caplog.text
    assert "HOOK" not in caplog.text


def test_a_receiver_that_fails_on_one_alarm_is_given_up_on_it(place):
    append(place / "alarms.jsonl", [fresh(number) for number in range(2)])
    with Receiver([(500, {})] * IMPATIENT.answers) as receiver:
        box = outbox(place, hook(receiver.port))
        assert box.close(10)
    assert box.counts()[0].failed == IMPATIENT.answers
    assert [letter["number"] for letter in dead(place, hook(receiver.port))] == [1]
    assert box.counts()[0].delivered == 1


def test_patience_with_an_absent_sink_ends(place):
    url = hook(free_port())
    append(place / "alarms.jsonl", [fresh()])
    assert outbox(place, url, patience=IMPATIENT._replace(give_up=0.2)).close(10)
    assert "given up after" in dead(place, url)[0]["reason"]


def test_a_line_half_written_is_left_until_it_is_whole(place):
    alarms, whole = place / "alarms.jsonl", line(fresh(1))
    box = outbox(place, f"jsonl:{place}/a.jsonl")
    alarms.write_bytes(line(fresh(0)) + whole[:70])
    box.wake()
    assert until(lambda: ids(place / "a.jsonl") == numbered(1))
    time.sleep(0.1)
    assert box.counts()[0].dead == 0
    with alarms.open("ab") as file:
        file.write(whole[70:])
    assert box.close(10)
    assert ids(place / "a.jsonl") == numbered(2)


def test_a_writer_that_was_killed_leaves_no_broken_line(place):
    alarms = place / "alarms.jsonl"
    alarms.write_bytes(line(fresh(0)) + line(fresh(1))[:50])
    append(alarms, [fresh(2)])
    assert ids(alarms) == ["alarm-000000", "alarm-000002"]


def test_lines_that_are_no_notices_are_kept_as_dead_letters(place):
    url = f"jsonl:{place}/a.jsonl"
    (place / "alarms.jsonl").write_bytes(b'\n{"ts": 1}\n\xff\xfe\nnull\n' + line(fresh(7)))
    box = outbox(place, url)
    assert box.close(10)
    assert [letter["number"] for letter in dead(place, url)] == [2, 3, 4]
    assert dead(place, url)[1]["line"] == "\\xff\\xfe"
    assert ids(place / "a.jsonl") == ["alarm-000007"]


def test_a_new_sink_begins_with_the_alarms_of_the_last_day(place):
    append(place / "alarms.jsonl", [notice(0), fresh(1)])
    assert outbox(place, f"jsonl:{place}/a.jsonl").close(10)
    assert ids(place / "a.jsonl") == ["alarm-000001"]


def test_a_file_that_became_shorter_is_read_from_its_start(place):
    url, alarms = f"jsonl:{place}/a.jsonl", place / "alarms.jsonl"
    append(alarms, [fresh(number) for number in range(3)])
    assert outbox(place, url).close(10)
    alarms.write_bytes(line(fresh(9)))
    with outbox(place, url):
        assert until(lambda: ids(place / "a.jsonl")[3:] == ["alarm-000009"])


def test_a_full_disk_under_a_sink_is_counted_and_no_crash(place, caplog):
    append(place / "alarms.jsonl", [fresh(0)])
    box = outbox(place, "jsonl:/dev/full", f"jsonl:{place}/a.jsonl")
    assert until(lambda: box.counts()[0].failed >= 2)
    assert not box.close(0.2)
    assert "/dev/full: No space left on device" in caplog.text
    assert ids(place / "a.jsonl") == numbered(1)


def test_a_full_disk_under_the_cursor_is_counted_and_delivery_goes_on_after_it(place, caplog):
    url = f"jsonl:{place}/a.jsonl"
    box = outbox(place, url)
    fresh_cursor = place / "outbox" / name_of(url) / "cursor.new"
    fresh_cursor.symlink_to("/dev/full")
    append(place / "alarms.jsonl", [fresh(0)])
    box.wake()
    assert until(lambda: box.counts()[0].failed >= 2)
    assert "No space left on device" in caplog.text
    fresh_cursor.unlink()
    append(place / "alarms.jsonl", [fresh(1)])
    assert box.close(10)
    assert ids(place / "a.jsonl") == numbered(2)


def test_a_full_disk_under_a_file_leaves_whole_lines():
    """A limit on the size of files fails a write in its middle, as a full disk does."""
    code = (
        "import resource, signal, sys, pathlib\n"
        "from stillwatch.sinks._delivery.lines import append_lines\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "import tempfile; path = pathlib.Path(tempfile.mkdtemp()) / 'f'\n"
        "append_lines(path, b'a' * 59 + b'\\n')\n"
        "try: append_lines(path, b'b' * 59 + b'\\n')\n"
        "except OSError as error: print(error.strerror, path.stat().st_size)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "File too large 60\n"


def test_the_alarms_are_not_delivered_into_their_own_file(place):
    with pytest.raises(UsageError, match="the file the alarms come from"):
        outbox(place, f"jsonl:{place}/./alarms.jsonl")


HOLDER = """
import sys
from pathlib import Path
from stillwatch.sinks import Outbox
box = Outbox(Path(sys.argv[1], "alarms.jsonl"), Path(sys.argv[1], "outbox"), [sys.argv[2]])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_process_on_the_same_folder_is_refused_until_the_first_has_gone(place):
    url = f"jsonl:{place}/a.jsonl"
    command = [sys.executable, "-c", HOLDER, place, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "open\n"
        with pytest.raises(UsageError, match="another process delivers"):
            outbox(place, url)
        child.kill()
    assert outbox(place, url).close(10)


def test_a_folder_that_cannot_be_made_is_named(place):
    (place / "outbox").write_text("")
    with pytest.raises(StillwatchError, match="outbox: File exists"):
        outbox(place, f"jsonl:{place}/a.jsonl")


def test_a_broken_cursor_is_named(place):
    url = f"jsonl:{place}/a.jsonl"
    folder = place / "outbox" / name_of(url)
    folder.mkdir(parents=True)
    (folder / "cursor.json").write_text("{")
    with pytest.raises(UnreadableInput, match=r"cursor\.json: not a cursor"):
        outbox(place, url)


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from notices import IMPATIENT, fresh
from stillwatch.sinks import Outbox, append
place, start = Path(sys.argv[1]), int(sys.argv[3])
box = Outbox(place / "alarms.jsonl", place / "outbox", sys.argv[4:], patience=IMPATIENT)
for number in range(start, start + 200):
    append(place / "alarms.jsonl", [fresh(number)])
    box.wake()
    print(number, flush=True)
box.close(20)
"""


def test_a_process_killed_in_the_middle_loses_nothing_and_repeats_are_known_by_their_id(place):
    with Receiver() as receiver:
        urls = [hook(receiver.port), f"jsonl:{place}/a.jsonl"]
        written = 0
        for moment in (5, 60, 110):
            command = [sys.executable, "-c", CHILD, place, Path(__file__).parent, str(written), *urls]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as child:
                for said in child.stdout:
                    written = int(said) + 1
                    if written % 200 == moment:
                        child.send_signal(signal.SIGKILL)
            # The one that was being written when the process died is a number of its own.
            written = len(ids(place / "alarms.jsonl"))
        assert outbox(place, *urls).close(20)
        expected = ids(place / "alarms.jsonl")
        assert len(expected) > 100
        bodies = [json.loads(body)["data"]["alarm_id"] for _, _, body in receiver.requests]
    for got in (bodies, ids(place / "a.jsonl")):
        assert list(dict.fromkeys(got)) == expected
        assert len(got) <= len(expected) + 3  # at most the one at hand at each kill
