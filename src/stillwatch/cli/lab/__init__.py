"""`stillwatch lab`: students that are really trained, and what counter-measures change for them and for customers.

Every module in this folder with a `command` adds that command.
"""

from importlib import import_module
from pkgutil import iter_modules

import typer

app = typer.Typer(
    help="Students that are really trained, and what counter-measures change for them and for customers.",
    no_args_is_help=True,
)
for found in iter_modules(__path__):
    app.command(found.name.replace("_", "-"))(import_module(f"{__name__}.{found.name}").command)


@app.callback()
def group() -> None:
    """Keep the name of the only command there is."""
