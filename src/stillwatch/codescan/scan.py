"""One scan of a code base, from its files to its findings."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from stillwatch.codescan.finding import Finding

Tell = Callable[[str], None]


class Skipped(msgspec.Struct, frozen=True):
    """A file, or a part of one, that was not analysed, and why."""

    path: str
    reason: str
    line: int | None = None


class Coverage(msgspec.Struct, frozen=True):
    """What of the code base was analysed; every Python file is in `analysed` or has a `Skipped`."""

    files: int
    analysed: int
    lines: int
    functions: int
    partial: tuple[Skipped, ...]
    skipped: tuple[Skipped, ...]


class Scan(msgspec.Struct, frozen=True):
    """The outcome: what stands, what was ruled out, and what was looked at. Findings are in order of their place."""

    root: Path
    findings: tuple[Finding, ...]
    refuted: tuple[Finding, ...]
    coverage: Coverage
