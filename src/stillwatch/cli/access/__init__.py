"""`stillwatch access`: who is asking. Every module in this folder with COMMANDS adds them to the group."""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(
    help="Who is asking: regions, owners, names, sign-up and verification.", no_args_is_help=True
)
for found in iter_modules(__path__):
    for name, command in getattr(import_module(f"{__name__}.{found.name}"), "COMMANDS", {}).items():
        app.command(name)(command)
