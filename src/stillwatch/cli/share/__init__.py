"""`stillwatch share`: findings to partners and from them. Every module in this folder with a `command` is one."""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(help="Findings to partners, and from them.", no_args_is_help=True)
for found in iter_modules(__path__):
    module = import_module(f"{__name__}.{found.name}")
    if hasattr(module, "command"):
        app.command(found.name.replace("_", "-"))(module.command)
