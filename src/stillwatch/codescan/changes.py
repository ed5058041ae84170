"""Which lines changed since a revision, as git tells it: for scans of a change alone."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stillwatch.codescan.finding import Finding

_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
GIT_SECONDS = 60


class NoHistory(Exception):
    """The folder is not in a git repository, or has no such revision; the message is git's own."""


def changed_lines(root: Path, revision: str) -> dict[str, set[int]]:
    """Lines that are new or other than at a revision, by file under the root.

    Raises NoHistory where git cannot say. Hooks, filters and drivers of the repository are not run.
    """
    folder = root if root.is_dir() else root.parent
    if revision.startswith("-"):
        raise NoHistory(f"not a revision: {revision}")
    command = ["git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-C", str(folder), "diff", "--no-ext-diff",
               "--no-textconv", "--unified=0", "--no-color", "--relative", "--src-prefix=a/", "--dst-prefix=b/", revision, "--"]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=GIT_SECONDS)  # noqa: S603 - a fixed program
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoHistory(f"git cannot be run: {error}") from None
    if done.returncode:
        raise NoHistory(done.stderr.decode("utf-8", "replace").strip() or "git failed")
    return _parsed(done.stdout.decode("utf-8", "replace"))


def _parsed(text: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    path = ""
    for line in text.split("\n"):
        if line.startswith("+++ "):
            path = line[4:].removeprefix("b/").rstrip("\t")
        elif (hunk := _HUNK.match(line)) and path != "/dev/null":
            first, count = int(hunk.group(1)), int(hunk.group(2) or 1)
            found.setdefault(path, set()).update(range(first, first + count))
    return found


def touches(finding: Finding, changed: Mapping[str, set[int]]) -> bool:
    """Whether a finding's place, or any step of its flow, is in what changed."""
    places = [finding.location, *(step.location for step in finding.trace)]
    return any(
        not changed.get(place.path, set()).isdisjoint(range(place.line, place.end_line + 1))
        for place in places
    )
