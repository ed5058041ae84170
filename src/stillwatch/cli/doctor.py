"""`stillwatch doctor`: what a log holds, and what could be found in it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from stillwatch import detectors, sources
from stillwatch.records import UnreadableInput

ACCOUNT = "account."  # before the name of a field of the account records, in what a detector needs
EVENT = "event."  # before the kind of an event
THIN = 0.5  # a share below this is shown in yellow: half of the log is dark to whatever needs the field


class Outlook(msgspec.Struct):
    """What one detector can make of a log: `share` is the coverage of the thinnest field it needs."""

    id: str
    share: float
    missing: list[str]


def command(
    logs: Annotated[
        list[Path],
        typer.Argument(metavar="LOG...", help="Log files, or directories that are searched for them."),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the same as one JSON object.")] = False,
) -> int:
    """Say what a log holds before you run anything on it.

    Reads every file once and changes nothing. Prints which files are
    logs and in what format, what was rejected and why, how many records
    carry each field, the time span, and which detectors can work with it.

    A detector sees as much of the log as carries the thinnest field it
    needs. One that lacks a field sees nothing: that neither raises nor
    lowers anyone's suspicion.

    No option names a format: it is found by looking at the content.
    Payment and sign-up facts are in no gateway's log: export them as
    accounts.jsonl, one line an account, and name that file too.

    Leaves with 0, with 2 for wrong usage, and with 3 where something
    could not be read or a record was rejected.

    Try:

      stillwatch doctor logs/

      stillwatch doctor litellm-2026-03.jsonl.gz accounts.parquet

      stillwatch doctor logs/ --json | jq .coverage.exchanges
    """
    with Console(stderr=True).status("reading"):
        found = sources.survey(logs)
    outlooks = outlook(found)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(summary(found, outlooks))).decode())
    else:
        show(found, outlooks)
    if not any(file.records or file.rejected for file in found.files):
        raise UnreadableInput(f"no log found; formats that are read: {', '.join(sources.catalogue())}")
    return UnreadableInput.exit_code if found.rejected else 0


def outlook(found: sources.Survey) -> list[Outlook]:
    """Every detector, with the fields it lacks here; those that see most come first."""
    covered = found.coverage("exchanges")
    covered |= {f"{ACCOUNT}{name}": share for name, share in found.coverage("accounts").items()}
    covered |= {f"{EVENT}{kind}": 1.0 for kind in found.event_kinds}
    outlooks = []
    for detector in detectors.catalogue().values():
        missing = sorted(name for name in detector.needs if not covered.get(name))
        share = 0.0 if missing else min((covered[name] for name in detector.needs), default=1.0)
        outlooks.append(Outlook(detector.id, share, missing))
    return sorted(outlooks, key=lambda one: (-one.share, one.id))


def summary(found: sources.Survey, outlooks: list[Outlook]) -> dict[str, Any]:
    """The same facts for programs; times are RFC 3339 text."""
    return {
        "files": found.files,
        "ignored": found.ignored,
        "records": found.records,
        "rejected": found.rejected,
        "accounts": len(found.accounts),
        "first_ts": _time(found.first_ts),
        "last_ts": _time(found.last_ts),
        "coverage": {kind: found.coverage(kind) for kind in ("exchanges", "accounts")},
        "detectors": outlooks,
    }


def show(found: sources.Survey, outlooks: list[Outlook]) -> None:
    """Print tables for people."""
    out = Console()
    out.print(_files(found))
    for file in found.files:
        for line in _refusals(file):
            out.print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)
        if file.unknown_fields:
            names = ", ".join(sorted(file.unknown_fields))
            out.print(f"{file.file}: fields not read: {names}", markup=False, highlight=False, soft_wrap=True)
    if found.ignored:
        out.print(
            f"ignored, no log: {', '.join(found.ignored)}", markup=False, highlight=False, soft_wrap=True
        )
    if found.records.get("exchanges"):
        span = f"{_time(found.first_ts)} to {_time(found.last_ts)}"
        out.print(f"{found.records['exchanges']:,} exchanges of {len(found.accounts):,} accounts, {span}")
    for kind in ("exchanges", "accounts"):
        if found.records.get(kind):
            out.print(_coverage(kind, found))
    if outlooks:
        out.print(_outlooks(outlooks))


def _refusals(file: sources.FileSurvey) -> Iterator[str]:
    """One rejection of each kind with how many there are, and how many of further kinds are not shown."""
    for one in file.reasons:
        where = one.file if one.line is None else f"{one.file}:{one.line}"
        alike = f" (and {one.count - 1:,} more like it)" if one.count > 1 else ""
        yield f"rejected {where}: {one.reason}{alike}"
    if rest := file.rejected - sum(one.count for one in file.reasons):
        yield f"rejected {file.file}: {rest:,} more, for other reasons"


def _files(found: sources.Survey) -> Table:
    table = Table(title="Files", title_justify="left")
    table.add_column("file", overflow="fold")
    table.add_column("format")
    table.add_column("holds")
    table.add_column("records", justify="right")
    table.add_column("rejected", justify="right")
    for file in found.files:
        rejected = f"[yellow]{file.rejected:,}[/]" if file.rejected else "0"
        table.add_row(file.file, file.format or "-", file.kind or "-", f"{file.records:,}", rejected)
    return table


def _coverage(kind: str, found: sources.Survey) -> Table:
    table = Table(title=f"Share of {kind} that carry each field", title_justify="left", show_header=False)
    shares = list(found.coverage(kind).items())
    rows = -(-len(shares) // 3)
    for start in range(rows):
        table.add_row(*(cell for name, share in shares[start::rows] for cell in (name, _share(share))))
    return table


def _outlooks(outlooks: list[Outlook]) -> Table:
    table = Table("detector", "sees", "missing", title="Detectors", title_justify="left")
    for one in outlooks:
        table.add_row(one.id, _share(one.share), ", ".join(one.missing))
    return table


def _share(share: float) -> str:
    colour = "green" if share >= THIN else "yellow" if share > 0 else "dim"
    return f"[{colour}]{share:.0%}[/]" if share in {0, 1} else f"[{colour}]{share:.1%}[/]"


def _time(micros: int | None) -> str | None:
    return (
        None if micros is None else datetime.fromtimestamp(micros / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    )
