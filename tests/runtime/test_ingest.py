"""Reading in one process and in many: the same records, and a clean end when a worker or the run is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.features.key import SketchKey
from stillwatch.features.sketchlog import SketchLog
from stillwatch.records import UnreadableInput
from stillwatch.runtime import ingest as reading
from stillwatch.runtime.ingest import Settings, find_log, ingest

SETTINGS = Settings(SketchKey(b"a key for the tests of reading!!"))
WORKER = b"spawn_main"
PATIENCE = 60.0  # seconds a busy machine may take
MANY_PROCESSES = pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="one processor: no process pool")


def read(paths, folder):
    folder.mkdir()
    log = SketchLog(folder)
    intake = ingest(find_log(paths), log, folder / "rejected.jsonl", SETTINGS)
    tables = [pa.Table.from_batches(log.read(tick)) for tick in log.ticks()]
    return intake, pa.concat_tables(tables)


def workers_of(pid):
    """Process ids of the pool's workers."""
    children = [c for task in Path(f"/proc/{pid}/task").glob("*/children") for c in task.read_text().split()]
    return [int(child) for child in children if WORKER in Path(f"/proc/{child}/cmdline").read_bytes()]


def wait_for(condition, process):
    end = time.monotonic() + PATIENCE
    while not (met := condition()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
    return met


def gone(pid):
    """Ended, or only waiting for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_file_given_twice_is_read_once(tmp_path):
    file = tmp_path / "exchanges.jsonl"
    file.write_text('{"exchange_id": "a", "ts": 1772438400000000, "account_id": "b"}\nnonsense\n')
    (tmp_path / "exchanges-link.jsonl").symlink_to(file)
    intake, _ = read([tmp_path, file, tmp_path / "." / "exchanges.jsonl"], tmp_path / "work")
    assert (intake.files, intake.exchanges, intake.rejected) == (1, 1, 1)


def test_events_told_again_are_one(tmp_path):
    line = '{"ts": 1772438400000000, "kind": "ban", "account_id": "b"}\n'
    (tmp_path / "exchanges.jsonl").write_text(
        '{"exchange_id": "a", "ts": 1772438400000000, "account_id": "b"}\n'
    )
    (tmp_path / "events.jsonl").write_text(line * 3 + line.replace('"b"', '"c"'))
    intake, _ = read([tmp_path], tmp_path / "work")
    assert intake.events["account_id"].to_pylist() == ["b", "c"]


def test_progress_counts_the_bytes_of_parquet_a_worker_reads_itself(tmp_path):
    file = tmp_path / "exchanges.parquet"
    rows = {
        "exchange_id": [*map(str, range(4000))],
        "ts": [1772438400000000] * 4000,
        "account_id": ["b"] * 4000,
    }
    pq.write_table(pa.table(rows), file, row_group_size=1000)
    told = []
    log = SketchLog(tmp_path)
    ingest(find_log([file]), log, tmp_path / "rejected", SETTINGS, lambda _file, size: told.append(size))
    assert len(told) == 4
    assert min(told) > 0
    assert 0.8 * file.stat().st_size < sum(told) <= file.stat().st_size


def test_nothing_to_read_is_said(tmp_path):
    with pytest.raises(UnreadableInput, match="no log found in"):
        find_log([tmp_path])


@MANY_PROCESSES
def test_many_processes_read_what_one_reads(large_log, tmp_path, monkeypatch):
    intake, sketches = read([large_log], tmp_path / "many")
    monkeypatch.setattr(reading, "ALONE_BELOW", 1 << 40)
    alone, same = read([large_log], tmp_path / "one")
    assert sketches.equals(same)
    assert (intake.exchanges, intake.present) == (alone.exchanges, alone.present)


@MANY_PROCESSES
def test_a_killed_worker_ends_the_run_with_a_clear_error(large_log, tmp_path, started):
    process = started(large_log, "--out", tmp_path / "out")
    workers = wait_for(lambda: workers_of(process.pid), process)
    os.kill(workers[0], signal.SIGKILL)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 5
    assert "a process that reads the log was lost" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    assert all(gone(worker) for worker in workers)


@MANY_PROCESSES
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_reading_leaves_nothing(large_log, tmp_path, started, how):
    process = started(large_log, "--out", tmp_path / "out")
    wait_for(lambda: len(workers_of(process.pid)) >= 2, process)
    workers = workers_of(process.pid)
    wait_for(lambda: all(ignores_interrupts(worker) for worker in workers), process)
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does
    else:
        process.send_signal(how)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "interrupted" in said
    assert list(tmp_path.iterdir()) == []
    assert all(gone(worker) for worker in workers)


def ignores_interrupts(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True
    masks = [
        int(line.split()[1], 16) for line in status.splitlines() if line.startswith(("SigIgn", "SigBlk"))
    ]
    return any(mask & 1 << signal.SIGINT - 1 for mask in masks)


def run_script(folder, log):
    """A script that calls detect without a guard against being imported by workers."""
    script = folder / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom stillwatch.runtime import detect\n"
        f"print(detect([Path({str(log)!r})], Path({str(folder / 'out')!r})).log.exchanges)\n"
    )
    return subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_a_script_without_a_guard_reads_a_small_log(tmp_path):
    (tmp_path / "exchanges.jsonl").write_text(
        '{"exchange_id": "a", "ts": 1772438400000000, "account_id": "b"}\n'
    )
    done = run_script(tmp_path, tmp_path / "exchanges.jsonl")
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


@MANY_PROCESSES
def test_a_script_without_a_guard_is_told_so_by_a_large_log(large_log, tmp_path):
    done = run_script(tmp_path, large_log)
    assert done.returncode == 1
    assert "StillwatchError: a process that reads the log was lost" in done.stderr
    assert "__main__" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["script.py"]


KILLED = """
import sys, time
from pathlib import Path
from stillwatch.features.key import SketchKey
from stillwatch.runtime.decoding import Decoding
from stillwatch.runtime.ingest import Settings
from stillwatch.sources import catalogue
if __name__ == "__main__":
    blocks = list(catalogue()["canonical_jsonl"].blocks(Path(sys.argv[1])))
    decoding = Decoding(Settings(SketchKey(bytes(32))))
    assert len(list(decoding.read(blocks * 4))) == 4 * len(blocks)
    print(*decoding._pool._processes, flush=True)
    time.sleep(60)
"""


@MANY_PROCESSES
def test_readers_do_not_outlive_a_process_that_is_killed(large_log, tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    log = large_log / "exchanges.jsonl"
    with subprocess.Popen([sys.executable, script, log], stdout=subprocess.PIPE) as parent:
        readers = [int(pid) for pid in parent.stdout.readline().split()]
        assert readers
        parent.kill()
        parent.wait()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in readers):
        assert time.monotonic() < until
        time.sleep(0.05)
