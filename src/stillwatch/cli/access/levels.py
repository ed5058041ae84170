"""`stillwatch access levels`: write and check the policy by which levels are asked."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.access.levels.lint import cells, notes
from stillwatch.access.levels.load import load
from stillwatch.records import UsageError
from stillwatch.reports import many

FOUND = 1

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command("init")
def init_command(file: Annotated[Path, typer.Argument(metavar="FILE", help="where to write it")]) -> None:
    """Write a level policy to begin with."""
    content = files("stillwatch.access.levels").joinpath("default.yaml").read_bytes()
    try:
        with file.open("xb") as new:
            new.write(content)
    except FileExistsError as error:
        raise UsageError(f"{file} exists; it was left as it is") from error
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    typer.echo(f"{file}: written; next: stillwatch access levels lint {file}", err=True)


@app.command("lint")
def lint_command(file: Annotated[Path, typer.Argument(metavar="FILE", help="a level policy")]) -> int:
    """Check a level policy as a watch does when it loads it, and say what else a reader should know.

    Exit code: 0 nothing to say, 1 it can be used but something is open, 4 it cannot be used.
    """
    policy = load(file)
    found = notes(policy)
    for note in found:
        typer.echo(note)
    asked = sum(policy.first(cell) is not None for cell in cells(policy))
    typer.echo(
        f"{file}: {many(len(policy.asks), 'ask')}, {asked} of {many(sum(1 for _ in cells(policy)), 'combination')} "
        f"of bands asked for something, {policy.sha256}",
        err=True,
    )
    return FOUND if found else 0


@app.command("show")
def show_command(file: Annotated[Path, typer.Argument(metavar="FILE", help="a level policy")]) -> None:
    """Print what each combination of bands is asked for: tier, volume, risk, region, ask, level, hours."""
    policy = load(file)
    typer.echo("tier\tvolume\trisk\tregion\task\tlevel\thours")
    for cell in cells(policy):
        ask = policy.first(cell)
        told = ("-", "0", "-") if ask is None else (ask.id, str(ask.level), f"{ask.deadline / 3.6e9:g}")
        typer.echo("\t".join((*cell, *told)))
