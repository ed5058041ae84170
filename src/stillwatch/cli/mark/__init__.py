"""`stillwatch mark`: what is put into answers so that a copy can be recognised, and the tests that recognise it.

Every module in this folder with an `app` adds that group, and one with a `command` that command.
"""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(
    help="What is put into answers so that a copy can be recognised, and the tests that recognise it.",
    no_args_is_help=True,
)
for found in iter_modules(__path__):
    module = import_module(f"{__name__}.{found.name}")
    name = found.name.replace("_", "-")
    if hasattr(module, "app"):
        app.add_typer(module.app, name=name)
    elif hasattr(module, "command"):
        app.command(name)(module.command)
