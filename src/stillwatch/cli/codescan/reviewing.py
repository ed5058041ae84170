"""`stillwatch codescan review PATH` and `apply ID`: findings with proofs, patches with checks, and one patch applied."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console

from stillwatch.cli.codescan.modelling import (
    CALLS,
    KEY_NAME,
    TOKENS,
    Address,
    Calls,
    KeyName,
    Model,
    Plain,
    Protocol,
    Tokens,
    asker_of,
    endpoint_of,
)
from stillwatch.cli.codescan.needed import needed, something_analysed
from stillwatch.cli.codescan.options import KEEP, Keep, Open, Python, Seconds, interpreter
from stillwatch.cli.codescan.printing import clean, print_patch, teller
from stillwatch.records import UnreadableInput, UsageError

if TYPE_CHECKING:
    from stillwatch.codescan.patch.reviewing import Review

FOUND, SKIPPED = 1, 3
WIDTH = 120  # where standard output is no terminal


def review_command(
    path: Annotated[Path, typer.Argument(help="a folder of Python code, or one file")],
    keep: Keep = KEEP,
    fail_on: Annotated[
        float, typer.Option(help="leave with 1 if there is a finding at least this sure", min=0, max=1)
    ] = 0.8,
    min_confidence: Annotated[
        float, typer.Option(help="show findings at least this sure, and make patches for them", min=0, max=1)
    ] = 0.3,
    python: Python = None,
    prove_seconds: Seconds = 600.0,
    without_namespaces: Open = False,  # noqa: FBT002 - a flag of the command line
    workers: Annotated[int, typer.Option(help="processes", min=1)] = 2,
    model: Model = None,
    model_endpoint: Address = None,
    model_protocol: Protocol = None,
    model_key_env: KeyName = KEY_NAME,
    model_calls: Calls = CALLS,
    model_tokens: Tokens = TOKENS,
    model_allow_http: Plain = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Find weaknesses, show them by running the code in a sandbox, and check a patch for each.

    Writes review.html, review.json and the proofs of concept as tests into --keep. The code base is not changed:
    `stillwatch codescan apply ID` applies one patch. With --model, code is sent to --model-endpoint; without it, nothing leaves
    this machine.
    """
    needed()
    endpoint = endpoint_of(model, model_endpoint, model_protocol, model_key_env, allow_http=model_allow_http)
    if not path.exists():
        raise UnreadableInput(f"{path}: there is no such file or folder")
    from stillwatch.codescan.patch import reviewing  # noqa: PLC0415 - needs an extra
    from stillwatch.codescan.patch.page import page  # noqa: PLC0415 - needs an extra
    from stillwatch.codescan.prove import Ground  # noqa: PLC0415 - needs an extra

    ground = Ground(
        path.resolve(), interpreter(python), open_ground=without_namespaces, seconds=int(prove_seconds)
    )
    review = reviewing.review(
        ground,
        cache=keep / "cache",
        least=min_confidence,
        tell=teller(),
        seconds=prove_seconds,
        workers=workers,
        asker=asker_of(endpoint, model_calls, model_tokens, keep / "cache"),
    )
    something_analysed(path, review.coverage, len(review.findings) + len(review.refuted))
    reviewing.keep(review, keep, page(review))
    with suppress(SystemExit):  # of rich, when a reader such as head has seen enough
        _show(review, min_confidence, keep)
    if any(finding.confidence >= fail_on for finding in review.findings):
        raise typer.Exit(FOUND)
    if review.coverage.skipped:
        raise typer.Exit(SKIPPED)


def _show(review: "Review", min_confidence: float, keep: Path) -> None:
    from stillwatch.cli.codescan.showing import show_finding, told  # noqa: PLC0415 - needs an extra

    out = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    patches = {patch.id: patch for patch in review.patches}
    reasons = {one.finding.fingerprint: one.why for one in review.without}
    shown = [finding for finding in review.findings if finding.confidence >= min_confidence]
    for finding in sorted(shown, key=lambda one: (-one.confidence, one.location)):
        show_finding(finding, out, explain=True)
        if finding.fingerprint in patches:
            print_patch(out, patches[finding.fingerprint])
        elif finding.fingerprint in reasons:
            out.print(
                clean(f"         no patch: {reasons[finding.fingerprint]}"), markup=False, soft_wrap=True
            )
        out.print()
    by_run = sum(finding.proof == "run" for finding in review.findings)
    verified = sum(patch.verified for patch in review.patches)
    lines = [
        (
            f"{len(review.findings)} findings, {by_run} shown by a run; {len(review.refuted)} ruled out; "
            f"{len(review.patches)} patches, {verified} verified"
        ),
        *(f"not run: {count}, since {why}" for why, count in review.not_run.items()),
        f"{review.coverage.analysed} of {review.coverage.files} files analysed",
        *told(review.coverage.consulted),
        *(f"not analysed: {one.path}: {one.reason}" for one in review.coverage.skipped),
        f"the review is in {keep / 'review.html'}",
    ]
    for line in lines:
        out.print(clean(line), markup=False, highlight=False, soft_wrap=True)


def apply_command(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="the patch's id, or its beginning")],
    keep: Keep = KEEP,
    yes: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--yes", help="you have read the patch and want it")
    ] = False,
) -> None:
    """Apply one patch of the last review.

    The patch is shown, and written only with --yes. It is refused where its file has changed since the review.
    """
    needed()
    from stillwatch.codescan.patch import reviewing  # noqa: PLC0415 - needs an extra

    try:
        review = reviewing.kept(keep)
    except OSError as error:
        why = f"{keep}: there is no review here ({error.strerror}); stillwatch codescan review makes one"
        raise UsageError(why) from None
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"{keep / reviewing.KEPT}: {error}") from None
    out = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    try:
        patch = reviewing.patch_of(review, wanted)
        print_patch(out, patch)
        place = reviewing.apply(review, patch) if yes else reviewing.place_of(review, patch)
    except reviewing.CannotApply as error:
        raise UsageError(str(error)) from None
    if not yes:
        raise UsageError("nothing was written; --yes applies it")
    out.print(f"wrote {place}", markup=False, soft_wrap=True)


COMMANDS = {"review": review_command, "apply": apply_command}
