"""`stillwatch codescan`: find weaknesses in a Python code base, prove them, and review patches for them.

`stillwatch codescan PATH` scans. Every module in this folder with a `command` is a command of its own.
"""

from importlib import import_module
from pkgutil import iter_modules

import typer
from typer.core import TyperGroup

SCAN = "scan"
HELP = frozenset({"--help"})


class _Scans(TyperGroup):
    """A group whose first word may be left out: what is no command is what to scan."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer's own context
        if args and args[0] not in self.commands and args[0] not in HELP:
            args = [SCAN, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Scans,
    help="Find weaknesses in a Python code base, prove them, and review patches for them. `codescan PATH` scans.",
    no_args_is_help=True,
)
for _found in iter_modules(__path__):
    _module = import_module(f"{__name__}.{_found.name}")
    if hasattr(_module, "command"):
        app.command(_found.name.replace("_", "-"))(_module.command)
