"""Findings, patches and coverage in a terminal. Text of the code base is printed without markup."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from stillwatch.codescan.coverage import Coverage
    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.patch.proposing import Patch

SHOWN_SKIPPED = 10
SEVERE = (("VC:H", "high"), ("VI:H", "high"), ("VC:L", "medium"), ("VI:L", "medium"))


def teller() -> Callable[[str], None]:
    console = Console(stderr=True)
    return lambda line: console.print(clean(line), markup=False, highlight=False, soft_wrap=True)


def clean(text: str) -> str:
    """Without control characters, which would steer the terminal."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def severity(finding: "Finding") -> str:
    return next((word for mark, word in SEVERE if mark in finding.cvss), "low")


def print_finding(out: Console, finding: "Finding") -> None:
    at = finding.location
    out.print(
        Text(clean(f"{at.path}:{at.line}:{at.column} {finding.rule} (CWE-{finding.cwe})"), style="bold")
    )
    out.print(Text(clean(f"  {finding.message}")))
    known = f"severity {severity(finding)}, confidence {finding.confidence:.2f}, known by {finding.proof}"
    out.print(Text(f"  {known}, id {finding.fingerprint}", style="dim"))
    for step in finding.trace:
        out.print(Text(clean(f"    {step.location.path}:{step.location.line} {step.note}")))
    for why in finding.why:
        out.print(Text(clean(f"  {why}")))


def print_patch(out: Console, patch: "Patch") -> None:
    state = "verified" if patch.verified else "not verified"
    out.print(
        Text(
            f"  patch {patch.id}, {state}: {clean(patch.note)}", style="green" if patch.verified else "yellow"
        )
    )
    for line in clean(patch.diff).splitlines():
        out.print(Text(f"    {line}", style={"+": "green", "-": "red"}.get(line[:1], "")))
    for check in patch.checks:
        if check.outcome != "passed":
            out.print(
                Text(clean(f"    {check.outcome}: {check.name}" + (f" ({check.why})" if check.why else "")))
            )


def print_coverage(out: Console, findings: int, coverage: "Coverage") -> None:
    out.print(
        f"{findings} findings; {coverage.analysed} of {coverage.files} files, {coverage.lines:,} lines analysed",
        markup=False,
    )
    for skipped in coverage.skipped[:SHOWN_SKIPPED]:
        out.print(clean(f"not analysed: {skipped.path}: {skipped.reason}"), markup=False)
    if len(coverage.skipped) > SHOWN_SKIPPED:
        out.print(f"and {len(coverage.skipped) - SHOWN_SKIPPED} more", markup=False)
