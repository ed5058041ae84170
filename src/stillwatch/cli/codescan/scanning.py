"""`stillwatch codescan PATH`: one scan, from the command line to its exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from stillwatch.cli.codescan.options import Open, Python, Seconds, interpreter
from stillwatch.records import InvalidConfiguration, UnreadableInput, UsageError

if TYPE_CHECKING:
    from stillwatch.codescan.dependencies.osv import Advisories
    from stillwatch.codescan.model import Asker
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
    osv: Annotated[
        Path | None,
        typer.Option(help="OSV advisories (a file, folder or zip): look for vulnerable dependencies"),
    ] = None,
    secrets: Annotated[bool, typer.Option(help="look for secrets in all text files")] = True,  # noqa: FBT002 - a flag of the command line
    prove: Annotated[bool, typer.Option(help="run what is found, on a copy in a sandbox")] = False,  # noqa: FBT002 - a flag of the command line
    python: Python = None,
    prove_seconds: Seconds = 600.0,
    without_namespaces: Open = False,  # noqa: FBT002 - a flag of the command line
    explain: Annotated[bool, typer.Option(help="show the flow of data of each finding")] = True,  # noqa: FBT002 - a flag of the command line
    model: Model = None,
    model_endpoint: Address = None,
    model_protocol: Protocol = None,
    model_key_env: KeyName = KEY_NAME,
    model_calls: Calls = CALLS,
    model_tokens: Tokens = TOKENS,
    model_allow_http: Plain = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Scan Python code: what data of others reaches, by which way, and how sure that is.

    Without --prove, nothing of the code is imported or run. Without --model, nothing leaves this machine; with it, the files most
    open to requests are sent to --model-endpoint, their secrets masked, and each is named on standard error before. Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage,
    3 a file could not be analysed or there is none (and nothing was found), 4 a baseline that is none.
    """
    needed()
    if form not in FORMATS:
        raise UsageError(f"no such format: {form}; there are {', '.join(FORMATS)}")
    if not path.exists():
        raise UnreadableInput(f"{path}: there is no such file or folder")
    endpoint = endpoint_of(model, model_endpoint, model_protocol, model_key_env, allow_http=model_allow_http)
    asker = asker_of(endpoint, model_calls, model_tokens, cache)
    scan = _scanned(path, baseline, since, workers, cache, osv, asker, secrets=secrets)
    if prove:
        scan = _proved(scan, interpreter(python), prove_seconds, open_ground=without_namespaces)
    if write_baseline is not None:
        from stillwatch.codescan import setting_aside  # noqa: PLC0415 - the extra `codescan`

        with _writable(write_baseline):
            setting_aside.write_baseline(write_baseline, scan.findings)
    with _writable(out):
        _write(scan, form, out, min_confidence, explain=explain)
    if any(finding.confidence >= fail_on for finding in scan.findings):
        raise typer.Exit(FOUND)
    if scan.coverage.skipped:
        raise typer.Exit(SKIPPED)


@contextmanager
def _writable(place: Path | None) -> Iterator[None]:
    """Say which file could not be written, and why."""
    try:
        yield
    except OSError as error:
        if place is None:
            raise
        raise UsageError(f"{place}: cannot be written: {error.strerror}") from None


def _scanned(
    path: Path,
    baseline: Path | None,
    since: str | None,
    workers: int,
    cache: Path | None,
    osv: Path | None,
    asker: "Asker | None",
    *,
    secrets: bool,
) -> "Scan":
    import msgspec  # noqa: PLC0415 - of this one place

    from stillwatch.codescan import changes, dependencies, setting_aside  # noqa: PLC0415 - the extra `codescan`
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
        advisories=None if osv is None else _advisories(osv),
        look_for_secrets=secrets,
        tell=lambda line: told.print(line, markup=False, highlight=False, soft_wrap=True),
    )
    if osv is None or not dependencies.named(path):
        found = len(made.findings) + len(made.refuted) + len(made.set_aside)
        something_analysed(path, made.coverage, found)
    try:
        changed = None if since is None else changes.changed_lines(path, since)
    except changes.NoHistory as error:
        raise UsageError(str(error)) from None
    if asker is not None:
        from stillwatch.codescan.model.consulting import consulted  # noqa: PLC0415 - as above

        made = consulted(made, asker, baseline=known, only=changed)
    if changed is None:
        return made
    kept = tuple(finding for finding in made.findings if changes.touches(finding, changed))
    return msgspec.structs.replace(made, findings=kept)


def _advisories(place: Path) -> "Advisories":
    from stillwatch.codescan.dependencies import osv  # noqa: PLC0415 - the extra `codescan`

    try:
        return osv.read(place)
    except FileNotFoundError:
        raise UnreadableInput(f"{place}: there is no such file or folder") from None
    except osv.UnreadableAdvisories as error:
        raise UnreadableInput(str(error)) from None


def _proved(scan: "Scan", python: Path, seconds: float, *, open_ground: bool) -> "Scan":
    import msgspec  # noqa: PLC0415 - of this one place

    from stillwatch.codescan.prove import CannotRun, prove  # noqa: PLC0415 - the extra `codescan`

    told = Console(stderr=True)
    try:
        proofs = prove(
            scan.root,
            sorted([*scan.findings, *scan.refuted], key=lambda one: one.proposal is not None),
            python=python,
            tell=lambda line: told.print(line, markup=False, highlight=False, soft_wrap=True),
            seconds=seconds,
            open_ground=open_ground,
        )
    except CannotRun as error:
        told.print(f"nothing was run: {error}", markup=False, highlight=False, soft_wrap=True)
        return scan
    for reason, count in proofs.reasons().most_common():
        told.print(f"{count} not run: {reason}", markup=False, highlight=False, soft_wrap=True)
    ordered = sorted(proofs.findings, key=lambda finding: (finding.location, finding.rule))
    standing = tuple(finding for finding in ordered if finding.refuted is None)
    refuted = tuple(finding for finding in ordered if finding.refuted is not None)
    return msgspec.structs.replace(scan, findings=standing, refuted=refuted)


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
