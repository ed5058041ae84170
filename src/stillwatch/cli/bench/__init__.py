"""`stillwatch bench`: measure, print a table, and say by the exit code whether every floor holds."""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True)
for _found in iter_modules(__path__):
    if _found.name.startswith("_"):  # of one command, and with needs of its own
        continue
    _module = import_module(f"{__name__}.{_found.name}")
    for _name, _command in getattr(_module, "COMMANDS", {}).items():
        app.command(_name)(_command)
