"""`stillwatch share`: findings to partners and from them.

Every module in this folder with COMMANDS adds them to the group, and one with a `command` that of its name. What they
import at their first use may need a package of the extra `share`: one that is missing is named with it.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import ParamSpec, TypeVar

import typer

from stillwatch.records import InvalidConfiguration

P = ParamSpec("P")
R = TypeVar("R")
NEEDED = ("cryptography", "httpx", "rbcl", "rfc8785", "sqlalchemy", "starlette", "uvicorn", "yaml")

app = typer.Typer(
    help="Findings that leave and that come: what each recipient gets, signed and written in the audit.",
    no_args_is_help=True,
)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """The command, with an error that names the extra where a package of it is missing."""

    @wraps(command)
    def run(*given: P.args, **named: P.kwargs) -> R:
        try:
            return command(*given, **named)
        except ModuleNotFoundError as missing:
            package = (missing.name or "").partition(".")[0]
            if package not in NEEDED:
                raise
            raise InvalidConfiguration(
                f"sharing needs the package {package}: pip install 'stillwatch[share]'"
            ) from missing

    return run


for found in iter_modules(__path__):
    module = import_module(f"{__name__}.{found.name}")
    commands = dict(getattr(module, "COMMANDS", {}))
    if hasattr(module, "command"):
        commands[found.name.replace("_", "-")] = module.command
    for name, command in commands.items():
        app.command(name)(guarded(command))
