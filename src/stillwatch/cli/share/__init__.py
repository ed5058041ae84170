"""`stillwatch share`: findings to partners and from them.

Every module in this folder with COMMANDS adds them to the group, and one with a `command` that of its name.
"""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(
    help="Findings that leave and that come: what each recipient gets, signed and written in the audit.",
    no_args_is_help=True,
)
for found in iter_modules(__path__):
    module = import_module(f"{__name__}.{found.name}")
    commands = dict(getattr(module, "COMMANDS", {}))
    if hasattr(module, "command"):
        commands[found.name.replace("_", "-")] = module.command
    for name, command in commands.items():
        app.command(name)(command)
