"""How fast code is scanned anew and after one file has changed, and what memory that takes."""

import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import msgspec

from stillwatch.codescan.measure.cost import Cost, run
from stillwatch.codescan.measure.errors import UnusableSuite
from stillwatch.codescan.measure.once import Did

CHANGE = "\n\ndef changed_by_the_bench(number):\n    return number + 1\n"


@dataclass(frozen=True)
class Speed:
    """Seconds of a whole scan without a cache, and of one with it after a change, each with its cost."""

    cold: Did
    incremental: Did
    peak_bytes: int | None

    def per_100_000(self, did: Did) -> float:
        return did.seconds * 100_000 / self.cold.lines


def measure(code: Path, room: Path) -> Speed:
    """Scan the code, change one file, and scan again; each in a process of its own."""
    cache = room / "cache"
    rmtree(cache, ignore_errors=True)
    cold, cold_cost = _scan(code, cache)
    if not cold.lines:
        raise UnusableSuite(f"{code}: no lines were scanned")
    changed = middle(code)
    before = changed.read_bytes()
    changed.write_bytes(before + CHANGE.encode())
    try:
        incremental, incremental_cost = _scan(code, cache)
    finally:
        changed.write_bytes(before)
    peaks = [cost.peak_bytes for cost in (cold_cost, incremental_cost) if cost.peak_bytes is not None]
    return Speed(cold, incremental, max(peaks, default=None))


def middle(code: Path) -> Path:
    """The Python file of median size."""
    files = sorted(code.rglob("*.py"), key=lambda path: (path.stat().st_size, path))
    return files[len(files) // 2]


def _scan(code: Path, cache: Path) -> tuple[Did, Cost]:
    cost = run([sys.executable, "-m", "stillwatch.codescan.measure.once", str(code), str(cache)])
    return msgspec.json.decode(cost.output, type=Did), cost
