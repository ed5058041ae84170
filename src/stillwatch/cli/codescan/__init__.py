"""`stillwatch codescan PATH`: find vulnerabilities in Python code, prove them, and suggest patches.

`stillwatch codescan PATH` is short for `stillwatch codescan scan PATH`.
Options (--format, --baseline, --since, --fail-on): `stillwatch codescan scan --help`.

$ stillwatch codescan src
$ stillwatch codescan . --since origin/main --fail-on 0.9
$ stillwatch codescan . --format sarif --out found.sarif
"""

from importlib import import_module
from pkgutil import iter_modules

import typer
from typer.core import TyperGroup

from stillwatch.records import UsageError

DEFAULT = "scan"
MISSING = "the path is missing: stillwatch codescan PATH, a folder of Python code or one file; stillwatch codescan --help gives examples"


class ScanFirst(TyperGroup):
    """A group whose first word may also be what the default command is given: `codescan PATH`."""

    def parse_args(self, ctx, args: list[str]) -> list[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - typer keeps the type of a context to itself
        if not args:
            raise UsageError(MISSING)
        if args[0] not in self.commands and args[0] not in {"--help", "-h"}:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(help=__doc__, no_args_is_help=True, cls=ScanFirst)
for _found in iter_modules(__path__):
    _module = import_module(f"{__name__}.{_found.name}")
    for _name, _command in getattr(_module, "COMMANDS", {}).items():
        app.command(_name)(_command)
