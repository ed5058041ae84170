"""A scan for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from stillwatch.codescan.severity import severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from stillwatch.codescan.coverage import Consulted
    from stillwatch.codescan.finding import Finding, Step
    from stillwatch.codescan.scan import Scan

COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "none": "dim"}
PROOFS = {"run": "proved by a run", "path": "a payload arrives", "pattern": "pattern"}


def show(scan: Scan, console: Console, min_confidence: float, *, explain: bool) -> None:
    """Findings from the surest on, and what was and was not analysed."""
    shown = [finding for finding in scan.findings if finding.confidence >= min_confidence]
    for finding in sorted(shown, key=lambda one: (-one.confidence, one.location)):
        show_finding(finding, console, explain=explain)
        console.print()
    _summary(scan, len(scan.findings) - len(shown), min_confidence, console)


def show_finding(finding: Finding, console: Console, *, explain: bool) -> None:
    """One finding: how bad, where, what, how it is known, and by which way."""
    level = severity(finding.cvss)
    head = Text.assemble(
        (f"{level:<8} ", COLOURS[level]),
        (f"{finding.location.path}:{finding.location.line}", "bold"),
        f"  {finding.message}",
    )
    console.print(head, soft_wrap=True)
    facts = f"{finding.rule}, CWE-{finding.cwe}, {PROOFS[finding.proof]}, {finding.confidence:.0%} sure, id {finding.fingerprint}"
    console.print(Text(f"         {facts}", style="dim"), soft_wrap=True)
    if explain:
        for step in _steps(finding.trace):
            console.print(
                Text(f"           {step.location.path}:{step.location.line}  {step.note}"), soft_wrap=True
            )
        for reason in finding.why:
            console.print(Text(f"         because {reason}", style="dim"), soft_wrap=True)
        if finding.proposal is not None:
            said = f"the model's own words, not to be trusted: {finding.proposal.said}"
            console.print(Text(f"         {said}", style="dim"), soft_wrap=True)


def _steps(trace: Sequence[Step]) -> list[Step]:
    """The steps, without those that only pass a line already shown."""
    kept: list[Step] = []
    for step in trace:
        if len(kept) < 2 or (step.location.path, step.location.line) != (
            kept[-1].location.path,
            kept[-1].location.line,
        ):
            kept.append(step)
        else:
            kept[-1] = step
    return kept


def told(consulted: Consulted | None) -> list[str]:
    """What a model was asked, what came of it, and why it did not answer."""
    if consulted is None:
        return []
    sent = f"{len(consulted.files)} files, {consulted.bytes:,} bytes, sent to {consulted.endpoint}"
    masked = f", {consulted.masked} secrets masked" if consulted.masked else ""
    return [
        f"model {consulted.model}: {consulted.questions} questions ({consulted.kept} answered from before), {sent}{masked}",
        f"model: {consulted.hypotheses} hypotheses and {consulted.patches} patches proposed",
        *(f"model: {count} not taken: {why}" for why, count in consulted.dropped.items()),
        *(f"model: {count} not answered: {why}" for why, count in consulted.failed.items()),
    ]


def _summary(scan: Scan, below: int, min_confidence: float, console: Console) -> None:
    coverage = scan.coverage
    parts = [
        f"{coverage.analysed} of {coverage.files} files analysed ({coverage.lines:,} lines, {coverage.functions:,} functions)",
        f"{len(scan.findings)} findings"
        + (f", {below} of them below {min_confidence:.0%} and not shown" if below else ""),
        f"{len(scan.refuted)} ruled out",
    ]
    if coverage.frugal:
        parts.append(f"in {coverage.frugal:,} functions not all calls were followed")
    if scan.set_aside:
        parts.append(f"{len(scan.set_aside)} set aside")
    console.print("; ".join(parts), soft_wrap=True, highlight=False)
    for line in told(coverage.consulted):
        console.print(Text(line, style="dim"), soft_wrap=True)
    for skipped in coverage.skipped:
        console.print(
            f"not analysed: {skipped.path}: {skipped.reason}", style="red", markup=False, soft_wrap=True
        )
    for partial in coverage.partial:
        line = "" if partial.line is None else f":{partial.line}"
        console.print(
            f"analysed in part: {partial.path}{line}: {partial.reason}",
            style="dim",
            markup=False,
            soft_wrap=True,
        )
