"""`stillwatch access`: who is asked to prove what, and why."""

import typer

from stillwatch.cli.access import check, levels

app = typer.Typer(help="Who is asked to prove what, by when and why.", no_args_is_help=True)
for part in (check,):
    for name, command in part.COMMANDS.items():
        app.command(name)(command)
for name, group in {"levels": levels.app}.items():
    app.add_typer(group, name=name)
