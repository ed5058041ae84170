"""`stillwatch cases appeal` and `export-audit`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from stillwatch import cases
from stillwatch.cli.cases.options import DEFAULT, AuditKey, StoreUrl, TenantName, opened
from stillwatch.cli.cases.printing import Form, as_json, tell
from stillwatch.records import StillwatchError


def appeal(
    decision_id: Annotated[str, typer.Argument(metavar="DECISION")],
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Annotated[Form, typer.Option("--format", help="a letter for people, or the proof")] = Form.JSON,
) -> None:
    """Answer somebody who contests a decision: what was decided, why, by what, how to contest, and the proof.

    The JSON verifies offline, with `stillwatch verify-audit` or any checker of RFC 6962 proofs and signed notes.
    """
    with opened(store, tenant, audit_key) as mine:
        answer = cases.appeal(mine, decision_id)
    if form is Form.JSON:
        as_json(answer)
        return
    for line in (
        f"Decision {answer.decision_id}: {answer.step}",
        f"Reason: {answer.reason or 'no reason code was given'}",
        *([f"You were told: {answer.message}"] if answer.message else []),
        answer.automatic,
        answer.contest,
        f"It is entry {answer.inclusion.number} of a signed log of {answer.inclusion.size}; --format json has the proof.",
    ):
        typer.echo(line)


def export_audit(
    out: Annotated[Path | None, typer.Option(help="file to write [default: standard output]")] = None,
    public_key: Annotated[
        Path | None,
        typer.Option(help="also write the public key to this file, for `verify-audit --public-key`"),
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="also write the latest checkpoint, for `verify-audit --checkpoint`")
    ] = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Write the audit as JSON lines of entries and signed checkpoints.

    Keep the public key and a checkpoint where whoever runs the store cannot change them.
    """
    with opened(store, tenant, audit_key) as mine:
        note = cases.signed(mine)
        key = cases.verifier_key(cases.origin_of(mine.name), mine.signer.public)
        lines = cases.export(mine)
        try:
            if out is None:
                sys.stdout.buffer.writelines(lines)
                sys.stdout.buffer.flush()
            else:
                with out.open("wb") as file:
                    file.writelines(lines)
            for path, text in ((public_key, f"{key}\n"), (checkpoint, note)):
                if path is not None:
                    path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise StillwatchError(
                f"{error.filename or out}: {error.strerror} (errno {error.errno})"
            ) from error
    tell(f"public key: {key}")


COMMANDS: dict[str, Callable[..., int | None]] = {"appeal": appeal, "export-audit": export_audit}
