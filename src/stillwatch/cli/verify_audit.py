"""`stillwatch verify-audit`: whether an audit is the one that was signed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch import cases
from stillwatch.cli.cases.printing import Form, Format, as_json, tell
from stillwatch.records import InvalidConfiguration, UnreadableInput

if TYPE_CHECKING:
    from stillwatch.cases.api import Outcome


def command(
    audit: Annotated[
        str,
        typer.Argument(
            metavar="FILE|STORE",
            help="an export, the answer to an appeal, or the URL of a store (sqlite:///FILE)",
        ),
    ],
    public_key: Annotated[
        Path | None,
        typer.Option(help="the key you trust, as `cases export-audit --public-key` wrote it"),
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="OLD", help="an older checkpoint with which the log must begin")
    ] = None,
    tenant: Annotated[
        str, typer.Option(envvar="STILLWATCH_TENANT", help="whose audit, where a store serves several")
    ] = "default",
    audit_key: Annotated[
        Path | None,
        typer.Option(envvar="STILLWATCH_AUDIT_KEY", help="private key of a store on a server"),
    ] = None,
    form: Format = Form.TABLE,
) -> int:
    """Check an audit offline: every entry, the tree over them, its signatures, and an older checkpoint.

    Says which is the first entry that does not hold. Without --public-key the key that the audit itself names is
    used, which shows that it is whole, not whose it is. Without --checkpoint, a log that was made anew with the same
    key holds.

    Exit code: 0 it holds, 1 it does not, 3 the file cannot be read.
    """
    trusted = None if public_key is None else _public(public_key)
    older = None if checkpoint is None else _read(checkpoint)
    if "://" in audit:
        with cases.open_store(audit, audit_key=audit_key, make=False) as store:
            outcome = cases.verify_lines(
                cases.stored_lines(store.tenant(tenant)), public=trusted, older=older
            )
    else:
        outcome = cases.verify_file(Path(audit), public=trusted, older=older)
    if trusted is None:
        tell("no --public-key was given: this checks against the key the audit names")
    if form is Form.JSON:
        as_json(outcome)
    else:
        _say(outcome)
    return 0 if outcome.holds else 1


def _say(outcome: "Outcome") -> None:
    if outcome.holds:
        typer.echo(
            f"holds: {outcome.entries:,} entries and {outcome.checkpoints:,} checkpoints of {outcome.origin}"
        )
    else:
        typer.echo(f"does not hold: {outcome.fault}")
        if outcome.first_bad is not None:
            typer.echo(f"first entry that does not hold: {outcome.first_bad}")
    typer.echo(f"key: {outcome.public_key}")


def _public(path: Path) -> bytes:
    try:
        return cases.public_of(_read(path))
    except ValueError as error:
        raise InvalidConfiguration(f"{path}: no public key ({error})") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path}: {error}") from error
