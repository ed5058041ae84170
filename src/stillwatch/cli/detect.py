"""stillwatch detect: find the campaigns in a log."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from stillwatch.records import ACCOUNTS, EXCHANGES, UsageError
from stillwatch.reports import clean, summary
from stillwatch.runtime import detect
from stillwatch.sources import Found

LONGEST = 2_000  # characters of a line
NAMED = 5  # files that are no log
FIELD_GROUPS = {
    "payments": frozenset(f"account.payment_{part}" for part in ("fp", "kind", "country", "bin")),
    "network": frozenset({"client_ip", "asn", "country", "user_agent", "ja4", "accept_language"})
    | frozenset(f"account.signup_{part}" for part in ("ip", "asn", "country", "ja4")),
    "text": frozenset({"system", "prompt", "messages", "response"}),
}


def command(
    logs: Annotated[
        list[Path],
        typer.Argument(help="log files or directories, of any format `stillwatch doctor` recognises"),
    ],
    out: Annotated[Path, typer.Option(help="directory for the findings; made if absent")],
    fdr: Annotated[
        float, typer.Option(help="false discovery rate over all clusters ever tested", min=1e-6, max=0.5)
    ] = 0.01,
    reference: Annotated[
        Path | None, typer.Option(help="a log known to hold no campaign, to judge clusters against")
    ] = None,
    drop_fields: Annotated[
        list[str] | None,
        typer.Option(help="pretend these are missing: payments, network, text, or a field's name"),
    ] = None,
    keep_text: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--keep-text", help="put short redacted snippets of prompts into the evidence")
    ] = False,
) -> int:
    """Read a provider's traffic and report the distillation campaigns in it.

    Writes campaigns.json, members.parquet, flags.parquet, alarms.jsonl, rejected.jsonl and report.html
    into --out, all or none of them. No prompt text is written unless --keep-text is given. The key of the
    sketches is made on first use and kept beside the findings (stillwatch.key), or taken from STILLWATCH_KEY.

    Exit code: 0 nothing found, 1 campaigns found, 3 input unreadable or in part skipped.
    """
    errors = Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]}"),
        TimeElapsedColumn(),
        console=errors,
        disable=not errors.is_interactive,  # a file would get its last state alone, and a blank line
    )
    with progress, _stoppable():
        tasks = {
            name: progress.add_task(name, total=None, done="", visible=False)
            for name in ("reading", "looking")
        }

        def advance(phase: str, done: int, whole: int) -> None:
            if phase == "looking":  # all is read
                progress.update(tasks["reading"], total=progress.tasks[tasks["reading"]].completed)
            shown = f"{done / 1e6:,.1f} MB" if not whole else f"{done:,} of {whole:,} ticks"
            progress.update(tasks[phase], completed=done, total=whole or None, done=shown, visible=True)

        findings = detect(
            logs,
            out,
            fdr=fdr,
            reference=reference,
            drop_fields=chosen_fields(drop_fields or []),
            keep_text=keep_text,
            progress=advance,
            noticed=lambda found: left_out(found, progress.console),
        )
    with suppress(SystemExit):  # of rich, when a reader such as head has seen enough
        Console().print(summary(findings))
    if findings.campaigns:
        return 1
    return 3 if findings.log.rejected else 0


def left_out(found: Found, told: Console) -> None:
    """Say which files are not read: those of a directory in one line, those that were named each with its reason."""
    lines = [f"rejected {one.file}: {one.reason}" for one in found.rejections] if found.files else []
    if found.ignored:
        shown = ", ".join(map(str, list(found.ignored)[:NAMED]))
        more = f" and {len(found.ignored) - NAMED:,} more" if len(found.ignored) > NAMED else ""
        lines.append(f"ignored, no log: {shown}{more}")
    for line in lines:
        told.print(clean(line, LONGEST), style="yellow", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a service manager's SIGTERM end the run as an interrupt does, so that nothing is left half-done."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def chosen_fields(names: list[str]) -> frozenset[str]:
    out: set[str] = set()
    for name in (part.strip() for part in ",".join(names).split(",")):
        if name in FIELD_GROUPS:
            out |= FIELD_GROUPS[name]
        elif name:
            out.add(_field(name))
    return frozenset(out)


def _field(name: str) -> str:
    """A field as readers name it: one that only accounts have may be given without `account.`."""
    full = name if name in EXCHANGES.names else f"account.{name.removeprefix('account.')}"
    own, schema = full.removeprefix("account."), ACCOUNTS if full.startswith("account.") else EXCHANGES
    if own not in schema.names:
        raise UsageError(f"--drop-fields: no such field or group: {name}")
    if not schema.field(own).nullable:
        raise UsageError(f"--drop-fields: every record needs its {own}")
    return full
