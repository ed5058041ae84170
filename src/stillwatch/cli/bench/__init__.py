"""`stillwatch bench`: measure, print a table, and say by the exit code whether every floor holds."""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True)
for _found in iter_modules(__path__):
    _module = import_module(f"{__name__}.{_found.name}")
    for _name, _command in getattr(_module, "COMMANDS", {}).items():
        app.command(_name)(_command)
