"""stillwatch codescan review PATH: findings with proofs, and patches with what checks said of them."""

from contextlib import suppress
from typing import Annotated

import typer
from rich.console import Console

from stillwatch.cli.codescan.options import (
    KEEP,
    Code,
    FailOn,
    Keep,
    Open,
    Python,
    Seconds,
    Workers,
    interpreter,
    ready,
)
from stillwatch.cli.codescan.printing import print_coverage, print_finding, print_patch, teller


def command(
    path: Code,
    keep: Keep = KEEP,
    fail_on: FailOn = 0.5,
    least: Annotated[
        float, typer.Option(help="confidence from which patches are made and checked", min=0.0, max=1.0)
    ] = 0.3,
    python: Python = None,
    seconds: Seconds = 300,
    without_namespaces: Open = False,  # noqa: FBT002 - a flag of the command line
    workers: Workers = 2,
) -> int:
    """Find weaknesses, show them by running the code in a sandbox, and check a patch for each.

    Writes review.html, review.json and the proofs of concept as tests into --keep. The code base is not changed; `stillwatch
    codescan apply ID` applies one patch.
    """
    ready(path)
    from stillwatch.codescan.patch import reviewing  # noqa: PLC0415 - needs an extra
    from stillwatch.codescan.patch.page import page  # noqa: PLC0415 - needs an extra
    from stillwatch.codescan.prove import Ground  # noqa: PLC0415 - needs an extra

    ground = Ground(path.resolve(), interpreter(python), open_ground=without_namespaces, seconds=int(seconds))
    review = reviewing.review(
        ground, cache=keep / "cache", least=least, tell=teller(), seconds=seconds, workers=workers
    )
    reviewing.keep(review, keep, page(review))
    patches = {patch.id: patch for patch in review.patches}
    reasons = {one.finding.fingerprint: one.why for one in review.without}
    out = Console(highlight=False, soft_wrap=True)
    with suppress(SystemExit):  # of rich, when a reader such as head has seen enough
        for finding in sorted(review.findings, key=lambda one: (-one.confidence, one.location)):
            print_finding(out, finding)
            if finding.fingerprint in patches:
                print_patch(out, patches[finding.fingerprint])
            elif finding.fingerprint in reasons:
                out.print(f"  no patch: {reasons[finding.fingerprint]}", markup=False)
        errors = Console(stderr=True, highlight=False, soft_wrap=True)
        print_coverage(errors, len(review.findings), review.coverage)
        errors.print(f"the review is in {keep / 'review.html'}", markup=False)
    if any(finding.confidence >= fail_on for finding in review.findings):
        return 1
    return 3 if review.coverage.skipped else 0
