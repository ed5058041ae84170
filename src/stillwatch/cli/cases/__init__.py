"""`stillwatch cases`: campaigns as cases, with people's decisions and their audit."""

import typer

from stillwatch.cli.cases import appeals, audit, changes, findings, reading

app = typer.Typer(
    help="Campaigns as cases: what people decide about them, and the audit of it.", no_args_is_help=True
)
for part in (findings, reading, changes, appeals, audit):
    for name, command in part.COMMANDS.items():
        app.command(name)(command)
