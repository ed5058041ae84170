"""Findings that a person decided about: by a comment in the code, or by a baseline of what was known before.

`# stillwatch: ignore[rule] reason` on a line, or alone on the line above, sets findings of the rule there aside;
without a reason it does nothing, and that is said. Set-aside findings stay in every output, with the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan.coverage import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from stillwatch.codescan.finding import Finding

_COMMENT = re.compile(r"#\s*stillwatch:\s*ignore\[([\w\-, ]+)\]\s*(.*)$")


class Baseline(msgspec.Struct, frozen=True):
    """Fingerprints of findings that were there when it was written; `schema` names the form."""

    fingerprints: tuple[str, ...]
    schema: str = "stillwatch.codescan.baseline/1"


class NotABaseline(Exception):
    """A file that is none; the message says what is wrong with it."""


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises NotABaseline if the file is not one, OSError if it cannot be read.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Baseline)
    except msgspec.DecodeError as error:
        raise NotABaseline(f"{path}: {error}") from None


def write_baseline(path: Path, findings: Iterable[Finding]) -> None:
    """Write the findings that stand now, so that later scans report only new ones."""
    kept = Baseline(tuple(sorted({finding.fingerprint for finding in findings})))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")


def decided(
    findings: Iterable[Finding], lines: Mapping[str, tuple[str, ...]], baseline: Baseline | None
) -> tuple[list[Finding], list[Skipped]]:
    """The findings, those decided about with the reason in `set_aside`; and comments that give none."""
    made: list[Finding] = []
    wanting: dict[tuple[str, int], Skipped] = {}
    known = frozenset(() if baseline is None else baseline.fingerprints)
    for finding in findings:
        reason = None
        for number, rules, said in _comments(finding, lines.get(finding.location.path, ())):
            if finding.rule not in rules:
                continue
            if said:
                reason = said
            else:
                place = finding.location.path, number
                wanting[place] = Skipped(
                    place[0], "a comment ignores a finding and gives no reason, so it does not", number
                )
        if reason is None and finding.fingerprint in known:
            reason = "in the baseline"
        made.append(finding if reason is None else msgspec.structs.replace(finding, set_aside=reason))
    return made, list(wanting.values())


def _comments(finding: Finding, lines: tuple[str, ...]) -> Iterable[tuple[int, set[str], str]]:
    """Comments that speak of a finding's lines: (line, rules, reason)."""
    above = finding.location.line - 1
    for number in range(above, finding.location.end_line + 1):
        text = lines[number - 1] if 0 < number <= len(lines) else ""
        found = _COMMENT.search(text)
        if found is not None and (number != above or text.lstrip().startswith("#")):
            yield number, {rule.strip() for rule in found.group(1).split(",")}, found.group(2).strip()
