"""`stillwatch share`: each file of this folder is a command or several, listed in its COMMANDS."""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(
    help="Findings that leave: what each recipient gets, signed and written in the audit.",
    no_args_is_help=True,
)
for found in iter_modules(__path__):
    for name, command in getattr(import_module(f"{__name__}.{found.name}"), "COMMANDS", {}).items():
        app.command(name)(command)
