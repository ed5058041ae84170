"""One run of the detector in a process of its own, so that its time and memory are its own.

`run` starts that process (`benches.child`) and watches the memory of it and of the processes it starts.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from os import sysconf
from pathlib import Path

import msgspec

from stillwatch.records import StillwatchError

CHILD = "stillwatch.lab.benches.child"
SAMPLE_SECONDS = 0.1
PAGE = sysconf("SC_PAGE_SIZE")


class Request(msgspec.Struct, frozen=True):
    """What to detect on; the fields are the arguments of `detect`."""

    paths: list[str]
    out: str
    fdr: float = 0.01
    drop_fields: list[str] = []


class Cost(msgspec.Struct, frozen=True):
    """Wall seconds of `detect` alone, and the largest resident memory seen of the whole process tree.

    Memory is the sum of resident pages over the processes, sampled every SAMPLE_SECONDS from /proc; pages
    that processes share count once for each. None on systems without /proc.
    """

    seconds: float
    peak_bytes: int | None


def run(request: Request) -> Cost:
    """Detect in a fresh process; its messages go to `<out>.log`.

    Raises StillwatchError where the process fails.
    """
    out = Path(request.out)
    messages = out.with_name(out.name + ".log")
    messages.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", CHILD, msgspec.json.encode(request).decode()]
    with messages.open("wb") as told:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told)  # noqa: S603 - our own
        peak = _watch(process)
        said, _ = process.communicate()
    if process.returncode:
        raise StillwatchError(f"detect ended with exit code {process.returncode}; see {messages}")
    return Cost(msgspec.json.decode(said, type=float), peak or None)


def _watch(process: "subprocess.Popen[bytes]") -> int:
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident_bytes(tree(process.pid)))
        time.sleep(SAMPLE_SECONDS)
    return peak


def tree(root: int) -> Sequence[int]:
    """List a process and all its descendants; the root alone on systems without /proc."""
    found = [root]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found.extend(map(int, task.read_text().split()))
            except OSError:  # it ended between the listing and the reading
                continue
    return found


def resident_bytes(processes: Sequence[int]) -> int:
    """Sum the resident memory of processes; one that has ended counts nothing."""
    pages = 0
    for pid in processes:
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * PAGE
