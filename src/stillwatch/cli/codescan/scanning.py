"""`stillwatch codescan PATH`: one scan, from the command line to its exit code."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from stillwatch.cli.codescan.needed import needed
from stillwatch.cli.codescan.options import Open, Python, Seconds, interpreter
from stillwatch.cli.codescan.printing import teller
from stillwatch.records import InvalidConfiguration, UnreadableInput, UsageError

if TYPE_CHECKING:
    from stillwatch.codescan.scan import Scan

FOUND, SKIPPED = 1, 3
FORMATS = ("text", "json", "sarif", "openvex")


def scan_command(
    path: Annotated[Path, typer.Argument(help="a folder of Python code, or one file")],
    form: Annotated[str, typer.Option("--format", help=f"one of {', '.join(FORMATS)}")] = "text",
    out: Annotated[Path | None, typer.Option(help="write it here instead of to standard output")] = None,
    min_confidence: Annotated[
        float, typer.Option(help="show findings at least this sure; the text form only", min=0, max=1)
    ] = 0.5,
    fail_on: Annotated[
        float, typer.Option(help="leave with 1 if there is a finding at least this sure", min=0, max=1)
    ] = 0.8,
    baseline: Annotated[
        Path | None, typer.Option(help="findings in this file were known before and do not count")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(help="write the findings there are now as a baseline")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="report only what touches lines changed since this git revision")
    ] = None,
    workers: Annotated[int, typer.Option(help="processes", min=1)] = 2,
    cache: Annotated[
        Path | None, typer.Option(help="keep results here: the next scan analyses only what changed")
    ] = None,
    explain: Annotated[bool, typer.Option(help="show the flow of data of each finding")] = True,  # noqa: FBT002 - a flag of the command line
    prove: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--prove", help="run the code in a sandbox, to show findings or rule them out")
    ] = False,
    python: Python = None,
    seconds: Seconds = 300,
    without_namespaces: Open = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Scan Python code: what data of others reaches, by which way, and how sure that is.

    Nothing of the code is imported or run without --prove. Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage,
    3 a file could not be analysed (and nothing was found), 4 a baseline that is none.
    """
    needed()
    if form not in FORMATS:
        raise UsageError(f"no such format: {form}; there are {', '.join(FORMATS)}")
    if not path.exists():
        raise UnreadableInput(f"{path}: there is no such file or folder")
    scan = _scanned(path, baseline, since, workers, cache)
    if prove:
        scan = _proved(scan, path, Run(interpreter(python), seconds, without_namespaces))
    if write_baseline is not None:
        from stillwatch.codescan import setting_aside  # noqa: PLC0415 - the extra `codescan`

        setting_aside.write_baseline(write_baseline, scan.findings)
    _write(scan, form, out, min_confidence, explain=explain)
    if any(finding.confidence >= fail_on for finding in scan.findings):
        raise typer.Exit(FOUND)
    if scan.coverage.skipped:
        raise typer.Exit(SKIPPED)


@dataclass(frozen=True)
class Run:
    """How code is run, where it is."""

    python: Path
    seconds: float
    open_ground: bool


def _proved(scan: "Scan", path: Path, run: Run) -> "Scan":
    """The scan with what a run showed or ruled out; as it is where nothing can be run."""
    import msgspec  # noqa: PLC0415 - of this one place

    from stillwatch.codescan.prove import CannotRun, prove  # noqa: PLC0415 - the extra `codescan`

    tell = teller()
    known = [*scan.findings, *scan.refuted]
    try:
        proofs = prove(
            path, known, python=run.python, tell=tell, seconds=run.seconds, open_ground=run.open_ground
        )
    except CannotRun as error:
        tell(f"nothing is run: {error}")
        return scan
    for why, count in proofs.reasons().most_common(5):
        tell(f"not run: {count}, since {why}")
    ordered = sorted(proofs.findings, key=lambda finding: (finding.location, finding.rule))
    return msgspec.structs.replace(
        scan,
        findings=tuple(finding for finding in ordered if finding.refuted is None),
        refuted=tuple(finding for finding in ordered if finding.refuted is not None),
    )


def _scanned(
    path: Path, baseline: Path | None, since: str | None, workers: int, cache: Path | None
) -> "Scan":
    import msgspec  # noqa: PLC0415 - of this one place

    from stillwatch.codescan import changes, setting_aside  # noqa: PLC0415 - the extra `codescan`
    from stillwatch.codescan.scan import scan  # noqa: PLC0415 - as above

    told = Console(stderr=True)
    known = None
    if baseline is not None:
        try:
            known = setting_aside.read_baseline(baseline)
        except (setting_aside.NotABaseline, OSError) as error:
            raise InvalidConfiguration(str(error)) from None
    made = scan(
        path,
        workers=workers,
        cache=cache,
        baseline=known,
        tell=lambda line: told.print(line, markup=False, highlight=False, soft_wrap=True),
    )
    if since is None:
        return made
    try:
        changed = changes.changed_lines(path, since)
    except changes.NoHistory as error:
        raise UsageError(str(error)) from None
    kept = tuple(finding for finding in made.findings if changes.touches(finding, changed))
    return msgspec.structs.replace(made, findings=kept)


def _write(scan: "Scan", form: str, out: Path | None, min_confidence: float, *, explain: bool) -> None:
    from stillwatch.cli.codescan.showing import show  # noqa: PLC0415 - as above
    from stillwatch.codescan import formats  # noqa: PLC0415 - the extra `codescan`

    if form == "text":
        if out is None:
            show(
                scan,
                Console() if sys.stdout.isatty() else Console(width=120),
                min_confidence,
                explain=explain,
            )
            return
        with out.open("w", encoding="utf-8") as file:
            show(scan, Console(file=file, width=120), min_confidence, explain=explain)
        return
    written = formats.catalogue()[form](scan)
    if out is None:
        sys.stdout.buffer.write(written + b"\n")
        return
    out.write_bytes(written + b"\n")


COMMANDS = {"scan": scan_command}
