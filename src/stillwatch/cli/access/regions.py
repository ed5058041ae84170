"""`stillwatch access regions`: where a service is offered, and when."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.access.regions import described, load, open_addresses
from stillwatch.access.regions.places import name_of
from stillwatch.records import UsageError
from stillwatch.records.times import EPOCH, moment
from stillwatch.reports import many

FOUND = 1
SHOWN = 12  # places named; more are counted

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command("lint")
def lint_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a regions file")],
    at: Annotated[
        str | None, typer.Option(help="the day to look from, such as 2026-03-01 [default: today]")
    ] = None,
    mmdb: Annotated[
        Path | None, typer.Option(help="the address data that will be used [default: the packaged ones]")
    ] = None,
) -> int:
    """Check a regions file as the judge does when it loads it, and say whom it leaves out, now and later.

    Exit code: 0 nothing to say, 1 it can be used but something is open, 4 it cannot be used.
    """
    now = _moment(at)
    rules = load(file, now=now)
    for note in rules.notes:
        typer.echo(note)
    supported, unsupported = rules.supported(now), rules.unsupported(now)
    typer.echo(
        f"{file}: {many(len(rules.rows), 'row')}, {many(len(rules.exemptions), 'exemption')}, {rules.sha256}",
        err=True,
    )
    typer.echo(
        f"{many(len(supported), 'place')} supported, {len(unsupported)} not: {_named(unsupported)}", err=True
    )
    for turn in rules.turns:
        if turn > now:
            before, after = set(rules.supported(turn - 1)), set(rules.supported(turn))
            day = moment(turn).date().isoformat()
            for word, places in (("begin", after - before), ("end", before - after)):
                if places:
                    typer.echo(f"{day}: service {word}s in {_named(tuple(sorted(places)))}", err=True)
    typer.echo(f"addresses: {described(open_addresses(mmdb), now)}", err=True)
    return FOUND if rules.notes else 0


def _named(places: tuple[str, ...]) -> str:
    if not places:
        return "none"
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return ", ".join(f"{place} ({name_of(place)})" for place in places[:SHOWN]) + more


def _moment(day: str | None) -> int:
    if day is None:
        return time.time_ns() // 1000
    try:
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError as wrong:
        raise UsageError(f"--at takes a day, such as 2026-03-01, not {day!r}") from wrong
    return int((at - EPOCH).total_seconds()) * 1_000_000
