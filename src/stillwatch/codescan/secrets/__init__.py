"""Secrets in the text files of a code base; no finding shows one.

Seen: keys in their providers' formats, private keys, passwords in addresses, and random-looking literals in names such
as `password`, `token` or `api_key`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from stillwatch.codescan.finding import Finding, Location
from stillwatch.codescan.secrets import masking, placeholders
from stillwatch.codescan.secrets.files import texts
from stillwatch.codescan.secrets.formats import FORMATS, IN_ADDRESS, LOCAL, PRIVATE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_ASSIGNED = re.compile(
    r"""(?ix)(?:^|[\s,;{(\["'])
    (?P<name>[\w.-]*(?:passw(?:or)?d|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w.-]*)
    ["']?\s*(?::\s*\w+\s*)?[:=]\s*(?:[rbu]?)(?P<quote>["'])(?P<text>[^"'\s]{12,200})(?P=quote)"""
)
_BARE = re.compile(
    r"""(?imx)^\s*(?:export\s+)?
    (?P<name>\w*(?:passw(?:or)?d|secret|token|api[_-]?key|access[_-]?key)\w*)\s*[:=]\s*(?P<text>[^"'\s#]{12,200})\s*$"""
)
BARE_FILES = (".env", ".ini", ".cfg", ".conf", ".properties", ".yaml", ".yml", ".toml")
ENTROPY = 3.6  # bits a character: words and identifiers have less, random text of this length more
HEXADECIMAL = 3.0
ASSIGNED, ADDRESS, KEY = 0.6, 0.55, 0.85
KEY_LENGTH = 64  # characters of the shortest private key
_WRITTEN = re.compile(r"[/\\]\w+[/\\]|://|\s|\(|\$\{|^[\w]+\.[\w.]+$|^[a-z]+(?:[_-][a-z]+)*$")
_EXAMPLE = re.compile(r"(?i)\bexamples?\b|\be\.g\.")
LINE_LIMIT = 2_000  # longer lines are generated


def findings(root: Path, *, key: bytes | None = None) -> list[Finding]:
    """Secrets under a folder, in order of their place.

    With a key of the caller's, each finding names its secret by a keyed fingerprint, so that the same one is known again.
    """
    found = [
        finding
        for path, text in texts(root)
        if not placeholders.is_test(path)
        for finding in in_text(path, text, key=key)
    ]
    return sorted(found, key=lambda finding: finding.location)


def without_doubles(found: Sequence[Finding], known: Sequence[Finding]) -> list[Finding]:
    """Findings on lines where the same weakness was not found already by following the code."""
    places = {(one.rule, one.location.path, one.location.line) for one in known}
    return [one for one in found if (one.rule, one.location.path, one.location.line) not in places]


@dataclass(frozen=True, slots=True)
class _Secret:
    """What was found where in a text."""

    what: str
    text: str
    start: int
    confidence: float


def in_text(path: str, text: str, *, key: bytes | None = None) -> list[Finding]:
    """Secrets in one file, at most one for each place."""
    made: dict[tuple[int, int], Finding] = {}
    for secret in (*_private_keys(text), *_by_line(path, text)):
        line = text.count("\n", 0, secret.start) + 1
        column = secret.start - (text.rfind("\n", 0, secret.start) + 1) + 1
        if all(at[0] != line or abs(at[1] - column) > len(secret.text) for at in made):
            whole = text.split("\n")[line - 1]
            made[line, column] = _finding(secret, whole, path, line, column, key=key)
    return list(made.values())


def _private_keys(text: str) -> Iterator[_Secret]:
    for match in PRIVATE_KEY.finditer(text):
        body = re.sub(r"[\s\\n]", "", match.group(1))
        if len(body) >= KEY_LENGTH and not placeholders.is_placeholder(match.group(1)[:80]):
            yield _Secret("a private key", match.group(0), match.start(), KEY)


def _by_line(path: str, text: str) -> Iterator[_Secret]:
    """What single lines hold. Patterns go over the whole text first, since few of its lines meet any."""
    bare = path.endswith(BARE_FILES) or ".env" in path.rpartition("/")[2]
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    if any(len(line) > LINE_LIMIT for line in lines):
        lines = [line if len(line) <= LINE_LIMIT else " " * len(line) for line in lines]
        text = "\n".join(lines)
    met: set[int] = set()
    forms = [form.pattern for form in FORMATS if any(sign in text for sign in form.signs)]
    for pattern in (*forms, IN_ADDRESS, _ASSIGNED, *((_BARE,) if bare else ())):
        for match in pattern.finditer(text):
            met.update(range(bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end())))
    for number in sorted(met):
        if number < len(lines):
            yield from _in_line(lines[number], starts[number], bare=bare)


def _in_line(line: str, start: int, *, bare: bool) -> Iterator[_Secret]:
    for form in FORMATS:
        for match in form.pattern.finditer(line):
            secret = match.group(1)
            if form.valid(secret) and not placeholders.is_placeholder(secret):
                yield _Secret(form.name, secret, start + match.start(1), form.confidence)
    for match in IN_ADDRESS.finditer(line):
        password, host = match.groups()
        if LOCAL.match(host) is None and not placeholders.is_placeholder(password) and random(password):
            yield _Secret("a password in an address", password, start + match.start(1), ADDRESS)
    if _EXAMPLE.search(line):
        return
    for match in (*_ASSIGNED.finditer(line), *(_BARE.finditer(line) if bare else ())):
        secret = match["text"]
        if random(secret) and not placeholders.is_placeholder(secret):
            yield _Secret(f"a literal in {match['name']}", secret, start + match.start("text"), ASSIGNED)


def random(text: str) -> bool:
    """Whether a text looks drawn at random: letters and digits mixed, and no word, path or address."""
    if _WRITTEN.search(text) or not re.search(r"\d", text) or not re.search(r"[A-Za-z]", text):
        return False
    counts = Counter(text)
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    hexadecimal = re.fullmatch(r"[0-9a-fA-F]{24,}", text) is not None
    return bits >= (HEXADECIMAL if hexadecimal else min(ENTROPY, math.log2(len(text)) * 0.85))


def _finding(secret: _Secret, whole: str, path: str, line: int, column: int, *, key: bytes | None) -> Finding:
    from stillwatch.codescan.checks.hard_coded_secret import RULE  # noqa: PLC0415 - the rule asks this package what a placeholder is

    first = secret.text.split("\n", 1)[0]
    hidden = masking.masked(secret.text)
    code = masking.without_literals(whole.replace(first, hidden)).strip()[:240]
    why: tuple[str, ...] = (f"{secret.what}: {hidden}",)
    if key is not None:
        why = (*why, f"keyed fingerprint {masking.fingerprint(secret.text, key)}")
    return Finding(
        rule=RULE.id,
        cwe=RULE.cwe,
        cvss=RULE.cvss,
        message=f"{RULE.title}: {secret.what}",
        location=Location(path, line, column, line, column + len(first)),
        function="",
        sink=secret.what,
        code=code,
        confidence=secret.confidence,
        why=why,
    )
