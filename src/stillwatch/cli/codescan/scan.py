"""stillwatch codescan PATH: find weaknesses."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from stillwatch.cli.codescan.options import Code, FailOn, Open, Python, Seconds, Workers, interpreter, ready
from stillwatch.cli.codescan.printing import print_coverage, print_finding, teller

if TYPE_CHECKING:
    from stillwatch.codescan.finding import Finding


def command(
    path: Code,
    fail_on: FailOn = 0.5,
    prove: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--prove", help="run the code in a sandbox, to show findings or rule them out")
    ] = False,
    python: Python = None,
    seconds: Seconds = 300,
    without_namespaces: Open = False,  # noqa: FBT002 - a flag of the command line
    workers: Workers = 2,
    cache: Annotated[Path | None, typer.Option(help="keep results here, so that only changes are analysed")] = None,
) -> int:
    """Find weaknesses in Python code.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 3 files that were not analysed.
    """
    ready(path)
    from stillwatch.codescan.scan import scan  # noqa: PLC0415 - needs an extra

    tell = teller()
    found = scan(path, workers=workers, cache=cache, tell=tell)
    findings: list[Finding] = [*found.findings]
    if prove:
        from stillwatch.codescan.prove import CannotRun  # noqa: PLC0415 - needs an extra
        from stillwatch.codescan.prove import prove as run  # noqa: PLC0415 - needs an extra

        try:
            proofs = run(
                path, [*found.findings, *found.refuted], python=interpreter(python), tell=tell, seconds=seconds,
                open_ground=without_namespaces,
            )  # fmt: skip
            findings = [finding for finding in proofs.findings if finding.refuted is None]
            for why, count in proofs.reasons().most_common(5):
                tell(f"not run: {count}, since {why}")
        except CannotRun as error:
            tell(f"nothing is run: {error}")
    out = Console(highlight=False, soft_wrap=True)
    with suppress(SystemExit):  # of rich, when a reader such as head has seen enough
        for finding in sorted(findings, key=lambda one: (-one.confidence, one.location)):
            print_finding(out, finding)
        print_coverage(Console(file=sys.stderr, highlight=False, soft_wrap=True), len(findings), found.coverage)
    if any(finding.confidence >= fail_on for finding in findings):
        return 1
    return 3 if found.coverage.skipped else 0
