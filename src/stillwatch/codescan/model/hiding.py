"""Code as it leaves the machine: secrets masked, line for line as it is in the file.

More is masked than is reported: what has the form of a key goes also where it looks like a placeholder, and so does every literal in a
name such as `password`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stillwatch.codescan.checks.hard_coded_secret import RULE as SECRET
from stillwatch.codescan.secrets.formats import FORMATS, IN_ADDRESS, PRIVATE_KEY
from stillwatch.codescan.secrets.masking import without_literals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stillwatch.codescan.finding import Finding

MASK = "(masked)"
LINE_LIMIT = 2_000  # characters; longer lines are data
_NAMED = re.compile(
    r"""(?ix)(?<!\w)\w*(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|credential)\w*
    ["']?\]?\s*(?::[^=\n"']{1,60})?[:=,]\s*[rbuf]{0,2}(?P<quote>["'])(?P<text>[^"'\n]{4,})(?P=quote)"""
)


def hidden(path: str, text: str, found: Iterable[Finding] = ()) -> tuple[str, int]:
    """The text without its secrets, and how many there were: by their form, by their name, and those that the scan found."""
    lines = text.split("\n")
    text = "\n".join(
        line if len(line) <= LINE_LIMIT else f"# {MASK}: a line of {len(line)} characters" for line in lines
    )
    parts: list[str] = []
    end = count = 0
    for start, stop in sorted(_spans(text)):
        if stop > end:
            first = max(start, end)
            parts += text[end:first], MASK, "\n" * text.count("\n", first, stop)
            count += start >= end
            end = stop
    lines = "".join([*parts, text[end:]]).split("\n")
    for finding in found:
        if finding.rule == SECRET.id and finding.location.path == path:
            for number in range(finding.location.line - 1, min(finding.location.end_line, len(lines))):
                without = without_literals(lines[number])
                count += without != lines[number] and MASK not in lines[number]
                lines[number] = without
    return "\n".join(lines), count


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for form in FORMATS:
        yield from (match.span(1) for match in form.pattern.finditer(text))
    yield from (match.span() for match in PRIVATE_KEY.finditer(text))
    yield from (match.span(1) for match in IN_ADDRESS.finditer(text))
    yield from (match.span("text") for match in _NAMED.finditer(text))
