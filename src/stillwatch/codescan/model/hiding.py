"""Code as it leaves the machine: secrets masked, line for line as it is in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan import secrets
from stillwatch.codescan.checks.hard_coded_secret import RULE as SECRET
from stillwatch.codescan.secrets.masking import without_literals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stillwatch.codescan.finding import Finding

MASK = "(masked)"
LINE_LIMIT = secrets.LINE_LIMIT
"""Characters; longer lines are data, are not looked through for secrets, and so are not sent."""


def hidden(path: str, text: str, found: Iterable[Finding] = ()) -> tuple[str, int]:
    """The text without its secrets, and how many there were: by their form, and those that the scan found."""
    parts: list[str] = []
    end = count = 0
    for start, stop in secrets.spans(path, text):
        if stop <= end:
            continue
        parts += text[end : max(start, end)], MASK, "\n" * text.count("\n", max(start, end), stop)
        end, count = stop, count + 1
    lines = "".join([*parts, text[end:]]).split("\n")
    for finding in found:
        if finding.rule != SECRET.id or finding.location.path != path:
            continue
        for number in range(finding.location.line - 1, min(finding.location.end_line, len(lines))):
            without = without_literals(lines[number])
            count += without != lines[number] and MASK not in lines[number]
            lines[number] = without
    lines = [
        line if len(line) <= LINE_LIMIT else f"# {MASK}: a line of {len(line)} characters" for line in lines
    ]
    return "\n".join(lines), count
