"""How many alerts a scan gives on code that is clean, and how much of it was looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stillwatch.codescan.finding import Finding
from stillwatch.codescan.scan import Scan

SURE = 0.8  # confidence from which an alert interrupts somebody


@dataclass(frozen=True)
class Noise:
    """One folder: alerts of high confidence, and coverage."""

    folder: Path
    alerts: Sequence[Finding]
    others: int
    lines: int
    files: int
    analysed: int


def measure(folder: Path, scan: Callable[[Path], Scan]) -> Noise:
    done = scan(folder)
    sure = [finding for finding in done.findings if finding.confidence >= SURE]
    seen = done.coverage
    return Noise(folder, sure, len(done.findings) - len(sure), seen.lines, seen.files, seen.analysed)


def per_100_000(folders: Sequence[Noise]) -> float | None:
    lines = sum(folder.lines for folder in folders)
    return sum(len(folder.alerts) for folder in folders) * 100_000 / lines if lines else None


def coverage(folders: Sequence[Noise]) -> float | None:
    files = sum(folder.files for folder in folders)
    return sum(folder.analysed for folder in folders) / files if files else None
