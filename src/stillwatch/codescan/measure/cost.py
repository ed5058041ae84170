"""What a program costs: its wall time, and the memory that it and its children hold at their peak."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from stillwatch.codescan.measure.errors import CannotRun

EVERY = 0.1  # seconds between looks at the memory
PROC = Path("/proc")


class Cost(msgspec.Struct, frozen=True):
    """`peak_bytes` is None where the system does not tell; `output` is the program's standard output."""

    seconds: float
    peak_bytes: int | None
    output: bytes


def run(command: Sequence[str]) -> Cost:
    """Run a program to its end; one that fails has no cost."""
    started = time.monotonic()
    peak: int | None = None
    # A program of ours, in its own process so that its memory is its own.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
        while True:
            try:
                output, errors = process.communicate(timeout=EVERY)
                break
            except subprocess.TimeoutExpired:
                held = memory(process.pid)
                peak = held if peak is None else max(peak, held or 0)
    if process.returncode:
        said = errors.decode(errors="replace").strip().splitlines()
        raise CannotRun(f"the scan failed: {said[-1] if said else f'exit code {process.returncode}'}")
    return Cost(time.monotonic() - started, peak, output)


def memory(pid: int) -> int | None:
    """Bytes held by a process and its descendants, pages they share counted once; None where it cannot be told."""
    if not (PROC / "self" / "smaps_rollup").exists():
        return None
    return sum(map(_held, _family(pid)))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in (PROC / str(pid) / "task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it ended meanwhile
            continue
        for child in children:
            yield from _family(int(child))


def _held(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
