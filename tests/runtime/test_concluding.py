"""The process that concludes, what it does when the store of cases is down, and how it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "laws"))
from harvest import FDR, records, sketches, tables
from staging import KEY

from stillwatch.cases import api
from stillwatch.linking.rehearsal import DAY, START
from stillwatch.records import EVENTS
from stillwatch.runtime import concluding
from stillwatch.runtime.casework import Books
from stillwatch.runtime.concluding import Concluder, Order, conclude_now, order
from stillwatch.runtime.conclusion import Told
from stillwatch.runtime.ingest import Piece, Settings
from stillwatch.runtime.watch import Watch
from stillwatch.sources import Block

NOW = (START + 30 * DAY) / 1_000_000


def ended(concluder, seconds=60.0):
    """Wait for the process that runs."""
    until = time.monotonic() + seconds
    while not concluder.step():
        assert time.monotonic() < until
        time.sleep(0.05)


def block(kind):
    return Block("canonical_jsonl", kind, kind, 1, None)


def watched(folder):
    """A watch that has seen a campaign."""
    watch = Watch(folder, Settings(KEY), FDR, 60.0)
    for kind, rows in zip(("accounts", "events"), tables(records()), strict=True):
        for batch in rows.to_batches():
            watch.take(block(kind), Piece(kind, batch, [], {}), NOW)
    batch = sketches()
    watch.take(block("exchanges"), Piece("exchanges", batch, [], {"ts": len(batch)}), NOW)
    watch.commit({})
    for tick in watch.over(NOW):
        watch.close(tick)
        if watch.state.loop.court.docket.standing():
            break
    return watch


def test_findings_become_cases_also_when_the_store_comes_back_later(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(concluding, "AGAIN", 0.1)
    books = Books(f"sqlite:///{tmp_path}/store/cases.db", None, "acme", "watch")
    (tmp_path / "store").write_text("no directory")
    watch, concluder = watched(tmp_path / "home"), Concluder()
    concluder.ask(lambda: order(watch, tmp_path / "out", books))
    ended(concluder)
    assert (tmp_path / "out" / "campaigns.json").exists()
    time.sleep(0.2)
    concluder.step()
    ended(concluder)
    (tmp_path / "store").unlink()
    time.sleep(0.2)
    concluder.step()
    ended(concluder)
    assert "could not be written" not in caplog.text
    with api.open_store(books.url, make=False) as store:
        (case,) = api.list_cases(store.tenant("acme")).rows
        (line,) = api.list_campaigns(store.tenant("acme"), watch="watch").rows
    assert line.case_ids == [case.case_id]
    concluder.step()
    concluder.finish()


def test_findings_lack_what_cannot_be_read_and_say_so_in_each_conclusion_after(tmp_path):
    watch = watched(tmp_path / "home")
    whole = conclude_now(order(watch, tmp_path / "out"))
    spoiled = max((tmp_path / "home" / "sketches").glob("slice-*.parquet"))
    spoiled.write_bytes(b"PAR1" + bytes(spoiled.stat().st_size))
    for _ in range(3):
        found = conclude_now(order(watch, tmp_path / "out"))
        assert found.campaigns
        assert sum(one.exchanges for one in found.campaigns) < sum(one.exchanges for one in whole.campaigns)
        assert found.log.rejected == 1
        (line,) = (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()
        assert f"unreadable/{spoiled.name}" in line
        watch.commit({})
    assert watch.counts["rejected"] == 1


def endless(folder):
    """An order whose conclusion never comes to an end: its snapshot is a pipe that nobody writes to."""
    folder.mkdir(exist_ok=True)
    os.mkfifo(folder / "state.pickle")
    told = Told(0, 0, 0, 0, 0, 0, {}, EVENTS.empty_table())
    return Order(folder, folder / "out", KEY, told, 0)


def _nice(pid):
    return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[16])


def alive(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def within(seconds, true):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_an_order_is_made_when_its_conclusion_begins(tmp_path):
    """Each writes a snapshot: those that a later one replaces would be for nothing."""
    made, concluder, given = [], Concluder(), endless(tmp_path)
    for number in range(3):
        concluder.ask(lambda number=number: made.append(number) or given)
    assert made == [0]
    concluder.finish(0.0)
    assert made == [0]


@pytest.fixture
def interruptible():
    """Whoever starts the tests in the background may have them ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_does_not_wait_for_a_conclusion(tmp_path):
    concluder = Concluder()
    concluder.ask(lambda: endless(tmp_path))
    pid = concluder._process.pid  # noqa: SLF001 - to see it end
    begun = time.monotonic()
    interrupt = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        concluder.finish()
    interrupt.join()
    assert time.monotonic() < begun + 10
    assert not alive(pid)


PARENT = """
import sys, time
sys.path += {path!r}
from pathlib import Path
from test_concluding import endless
from stillwatch.runtime.concluding import Concluder
if __name__ == "__main__":
    concluder = Concluder()
    concluder.ask(lambda: endless(Path({home!r})))
    print(concluder._process.pid, flush=True)
    time.sleep(60)
"""


def test_a_conclusion_gives_way_and_does_not_outlive_its_watch(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(path=sys.path, home=str(tmp_path / "home")))
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)
    with parent:
        pid = int(parent.stdout.readline())
        within(30, lambda: _nice(pid) == min(_nice(os.getpid()) + 10, 19))
        parent.kill()
        parent.wait()
        within(10, lambda: not alive(pid))


def test_a_conclusion_is_left_to_its_watch_by_an_interrupt_of_the_group(tmp_path):
    """Also while it is still importing, where no handler of its own could be set yet."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import signal\nsignal.signal(signal.SIGINT, lambda *_: None)\n"
        + PARENT.format(path=sys.path, home=str(tmp_path / "home"))
    )
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    with subprocess.Popen([sys.executable, script], **how) as parent:
        pid = int(parent.stdout.readline())
        for _ in range(5):
            os.killpg(parent.pid, signal.SIGINT)
            time.sleep(0.1)
        within(30, lambda: _nice(pid) == min(_nice(os.getpid()) + 10, 19))
        os.killpg(parent.pid, signal.SIGINT)
        time.sleep(0.2)
        assert alive(pid)
        parent.kill()
        within(10, lambda: not alive(pid))
        assert parent.stderr.read() == b""
