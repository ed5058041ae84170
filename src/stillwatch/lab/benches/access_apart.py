"""A part of the benchmarks of access, run in a process of its own, so that its time and memory are its own.

`python -m stillwatch.lab.benches.access_apart MODULE FOLDER SIZE` calls `work(FOLDER, SIZE)` of a module of this
folder, and writes what it returns with the process's peak memory to standard output.
"""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import msgspec

from stillwatch.records import StillwatchError

STATUS = Path("/proc/self/status")


class Apart(msgspec.Struct, frozen=True):
    """Figures by name, and the peak of resident memory where the system tells it."""

    figures: dict[str, float]
    peak_bytes: int | None


def run(module: str, folder: Path, size: int) -> Apart:
    """Raises StillwatchError where the process fails."""
    command = [sys.executable, "-m", __name__, module, str(folder), str(size)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise StillwatchError(f"{module}: exit code {done.returncode}: {done.stderr.decode()[-2000:]}")
    return msgspec.json.decode(done.stdout, type=Apart)


def main(module: str, folder: str, size: str) -> None:
    work = import_module(f"stillwatch.lab.benches.{module}").work
    sys.stdout.buffer.write(msgspec.json.encode(Apart(work(Path(folder), int(size)), _peak())))


def _peak() -> int | None:
    if not STATUS.exists():
        return None
    peak = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) << 10


if __name__ == "__main__":
    main(*sys.argv[1:])
