"""`stillwatch share`: findings and matches, between partners."""

import typer

from stillwatch.cli.share import evaluate, matching, membership

app = typer.Typer(
    help="Share findings with partners, and match with theirs in private.", no_args_is_help=True
)
for part in (membership, evaluate, matching):
    for name, command in part.COMMANDS.items():
        app.command(name)(command)
