"""From findings to patches: each finding's edits are tried in turn until one passes all checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan.patch.proposing import Patch, Unpatched, proposed
from stillwatch.codescan.patch.site import NoFix
from stillwatch.codescan.patch.verifying import Bench, verified
from stillwatch.codescan.prove import concept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from stillwatch.codescan.finding import Finding

    Further = Callable[[Finding, Iterator[Patch]], Iterator[Patch]]

EDITS_LIMIT = 3  # of ours, tried for one finding


@dataclass
class _Waiting:
    """A finding whose edits are being tried, and the one that came furthest."""

    finding: Finding
    edits: Iterator[Patch]
    best: Patch | None = None


@dataclass
class Suggestions:
    """One patch for each finding that has an edit, with its checks, and the others with the reason."""

    patches: list[Patch] = field(default_factory=list)
    without: list[Unpatched] = field(default_factory=list)


def suggest(
    bench: Bench, findings: Sequence[Finding], tell: Callable[[str], None], further: Further | None = None
) -> Suggestions:
    """Patches for findings, in their order. Nothing is written to the code base.

    `further` gives more edits for a finding after ours.
    """
    suggestions = Suggestions()
    waiting: list[_Waiting] = []
    for finding in findings:
        edits = islice(proposed(bench.root, finding), EDITS_LIMIT)
        waiting.append(_Waiting(finding, edits if further is None else further(finding, edits)))
    done: dict[int, Patch] = {}
    rounds = 0
    while waiting:
        taken: list[tuple[_Waiting, Patch]] = []
        later: list[_Waiting] = []
        paths: set[str] = set()
        for one in waiting:
            if one.finding.location.path in paths:
                later.append(one)
                continue
            patch = _next(one, suggestions, done)
            if patch is not None:
                paths.add(patch.path)
                taken.append((one, patch))
        if taken:
            rounds += 1
            tell(f"checking {len(taken)} patches together (round {rounds})")
        for (one, _), patch in zip(taken, verified(bench, [patch for _, patch in taken]), strict=True):
            one.best = _better(one.best, patch)
            if patch.verified:
                done[id(one.finding)] = patch
            else:
                later.append(one)
        waiting = later
    suggestions.patches = [
        _with_test(bench, done[id(finding)]) for finding in findings if id(finding) in done
    ]
    return suggestions


def _next(one: _Waiting, suggestions: Suggestions, done: dict[int, Patch]) -> Patch | None:
    """The next edit to try; None where there is none, and then the finding is settled."""
    try:
        patch = next(one.edits, None)
    except NoFix as error:
        suggestions.without.append(Unpatched(one.finding, str(error)))
        return None
    if patch is None and one.best is not None:
        done[id(one.finding)] = one.best
    elif patch is None:
        suggestions.without.append(Unpatched(one.finding, "no edit ends the weakness here"))
    return patch


def _better(one: Patch | None, other: Patch) -> Patch:
    def passed(patch: Patch) -> int:
        return sum(check.outcome == "passed" for check in patch.checks)

    return other if one is None or passed(other) > passed(one) else one


def _with_test(bench: Bench, patch: Patch) -> Patch:
    """The patch with its proof of concept, which becomes a regression test."""
    evidence = bench.evidence.get(patch.id)
    return patch if evidence is None else msgspec.structs.replace(patch, test=concept.test_of(evidence))
