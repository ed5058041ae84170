"""Secrets in the text files of a code base: keys in their providers' formats, private keys, and random-looking literals
in names such as `password`, `token` or `api_key`. No finding shows the secret."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from stillwatch.codescan.finding import Finding, Location
from stillwatch.codescan.secrets import masking, placeholders
from stillwatch.codescan.secrets.files import texts
from stillwatch.codescan.secrets.formats import FORMATS, IN_ADDRESS, LOCAL, PRIVATE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ASSIGNED = re.compile(
    r"""(?ix)(?:^|[\s,;{(\["'])
    (?P<name>[\w.-]*(?:passw(?:or)?d|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w.-]*)
    ["']?\s*(?::\s*\w+\s*)?[:=]\s*(?:[rbu]?)(?P<quote>["'])(?P<text>[^"'\s]{12,200})(?P=quote)"""
)
_BARE = re.compile(
    r"""(?ix)^\s*(?:export\s+)?
    (?P<name>\w*(?:passw(?:or)?d|secret|token|api[_-]?key|access[_-]?key)\w*)\s*[:=]\s*(?P<text>[^"'\s#]{12,200})\s*$"""
)
BARE_FILES = (".env", ".ini", ".cfg", ".conf", ".properties", ".yaml", ".yml", ".toml")
ENTROPY = 3.6  # bits a character: words and identifiers have less, random text of this length more
ASSIGNED, ADDRESS, KEY = 0.6, 0.55, 0.85
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


def in_text(path: str, text: str, *, key: bytes | None = None) -> list[Finding]:
    """Secrets in one file, at most one for each place."""
    made: dict[tuple[int, int], Finding] = {}
    for what, secret, start, confidence in (*_private_keys(text), *_by_line(path, text)):
        line = text.count("\n", 0, start) + 1
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        if all(at[0] != line or abs(at[1] - column) > len(secret) for at in made):
            made[line, column] = _finding(path, text, line, column, what, secret, confidence, key)
    return list(made.values())


def _private_keys(text: str) -> Iterator[tuple[str, str, int, float]]:
    for match in PRIVATE_KEY.finditer(text):
        if len(re.sub(r"[\s\\n]", "", match.group(1))) >= 64 and not placeholders.is_placeholder(match.group(1)[:80]):
            yield "a private key", match.group(0), match.start(), KEY


def _by_line(path: str, text: str) -> Iterator[tuple[str, str, int, float]]:
    start = 0
    bare = path.endswith(BARE_FILES) or ".env" in path.rpartition("/")[2]
    for line in text.split("\n"):
        if len(line) <= LINE_LIMIT:
            for what, secret, place, confidence in _in_line(line, bare=bare):
                yield what, secret, start + place, confidence
        start += len(line) + 1


def _in_line(line: str, *, bare: bool) -> Iterator[tuple[str, str, int, float]]:
    for form in FORMATS:
        for match in form.pattern.finditer(line):
            secret = match.group(1)
            if form.valid(secret) and not placeholders.is_placeholder(secret):
                yield form.name, secret, match.start(1), form.confidence
    for match in IN_ADDRESS.finditer(line):
        password, host = match.groups()
        if not host.startswith(LOCAL) and not placeholders.is_placeholder(password) and random(password):
            yield "a password in an address", password, match.start(1), ADDRESS
    for match in (*_ASSIGNED.finditer(line), *(_BARE.finditer(line) if bare else ())):
        secret = match["text"]
        if random(secret) and not placeholders.is_placeholder(secret):
            yield f"a literal in {match['name']}", secret, match.start("text"), ASSIGNED


def random(text: str) -> bool:
    """Whether a text looks drawn at random: letters and digits mixed, and no word, path or address."""
    if re.search(r"[/\\]{1}\w+[/\\]|://|\s|\(|\$\{|^[\w]+\.[\w.]+$|^[a-z]+(?:[_-][a-z]+)*$", text):
        return False
    if not re.search(r"\d", text) or not re.search(r"[A-Za-z]", text):
        return False
    counts = Counter(text)
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    hexadecimal = re.fullmatch(r"[0-9a-fA-F]{24,}", text) is not None
    return bits >= (3.0 if hexadecimal else min(ENTROPY, math.log2(len(text)) * 0.85))


def _finding(
    path: str, text: str, line: int, column: int, what: str, secret: str, confidence: float, key: bytes | None
) -> Finding:
    from stillwatch.codescan.checks.hard_coded_secret import RULE  # noqa: PLC0415 - the rule asks this package what a placeholder is

    whole = text.split("\n")[line - 1]
    first = secret.split("\n", 1)[0]
    code = masking.without_literals(whole.replace(first, masking.masked(secret))).strip()[:240]
    why = (f"{what}: {masking.masked(secret)}",)
    if key is not None:
        why = (*why, f"keyed fingerprint {masking.fingerprint(secret, key)}")
    return Finding(
        rule=RULE.id,
        cwe=RULE.cwe,
        cvss=RULE.cvss,
        message=f"{RULE.title}: {what}",
        location=Location(path, line, column, line, column + len(first)),
        function="",
        sink=what,
        code=code,
        confidence=confidence,
        why=why,
    )
