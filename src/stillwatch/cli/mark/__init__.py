"""`stillwatch mark`: what is put into answers so that a copy can be recognised, and the tests that recognise it.

Every module in this folder with COMMANDS adds them to the group, and every one with `app` a group of its name.
"""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(
    help="Marks in answers: whose they are, and which models were trained on them.", no_args_is_help=True
)
for found in iter_modules(__path__):
    module = import_module(f"{__name__}.{found.name}")
    for name, command in getattr(module, "COMMANDS", {}).items():
        app.command(name)(command)
    group = getattr(module, "app", None)
    if group is not None:
        app.add_typer(group, name=found.name)
