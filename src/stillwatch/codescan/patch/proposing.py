"""Patches as they are proposed: the file before and after, and what the edit does."""

from __future__ import annotations

import difflib
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import msgspec

from stillwatch.codescan.finding import Finding  # noqa: TC001 - read by msgspec
from stillwatch.codescan.patch import fixes
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


Outcome = Literal["passed", "failed", "could not be run"]


class Check(msgspec.Struct, frozen=True):
    """One of the six: what was looked at, how it came out, and what was seen."""

    name: str
    outcome: Outcome
    why: str = ""


class Patch(msgspec.Struct, frozen=True):
    """An edit of one file for one finding. `before` is the digest of the file it was made for."""

    id: str
    finding: Finding
    path: str
    before: str
    text: str
    diff: str
    note: str
    checks: tuple[Check, ...] = ()
    test: str | None = None
    origin: Literal["edit", "model"] = "edit"
    """Whether it is an edit of ours, or a model proposed it."""

    @property
    def verified(self) -> bool:
        """All six checks were run, and passed."""
        return len(self.checks) == CHECKS and all(check.outcome == "passed" for check in self.checks)


CHECKS = 6


class Unpatched(msgspec.Struct, frozen=True):
    """A finding without a patch, and why."""

    finding: Finding
    why: str


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def proposed(root: Path, finding: Finding) -> Iterator[Patch]:
    """The edits that may end a weakness, the best first. Raises NoFix where there is none."""
    maker = fixes.catalogue().get(finding.rule)
    if maker is None:
        raise NoFix(f"there is no edit for {finding.rule}")
    place = root if root.is_file() else root / finding.location.path
    data = place.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoFix("the file is not in UTF-8") from None
    site = Site(text, finding)
    for edit in maker(site):
        after = site.apply(edit)
        if after != text:
            yield patched(finding, text, after, edit.note)


def patched(finding: Finding, before: str, after: str, note: str) -> Patch:
    """A patch of a finding's file, given by its text before and after."""
    path = finding.location.path
    return Patch(
        finding.fingerprint, finding, path, digest(before.encode()), after, _diff(path, before, after), note
    )


def _diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
