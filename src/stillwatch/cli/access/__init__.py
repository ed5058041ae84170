"""`stillwatch access`: who is asking, and from where.

Every module in this folder with a `command` function or an `app` group is a command.
"""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(help="Who is asking: regions, ownership and verification.", no_args_is_help=True)
for found in iter_modules(__path__):
    module = import_module(f"{__name__}.{found.name}")
    name = found.name.replace("_", "-")
    if hasattr(module, "app"):
        app.add_typer(module.app, name=name)
    else:
        app.command(name)(module.command)
