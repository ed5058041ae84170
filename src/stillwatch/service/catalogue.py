"""Every operation there is: those of the files of `routes`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from stillwatch.service.operation import Operation

FOLDER = "stillwatch.service.routes"


@cache
def operations() -> tuple[Operation, ...]:
    """In order of file, and within a file as they stand."""
    names = [found.name for found in iter_modules(import_module(FOLDER).__path__)]
    return tuple(one for name in names for one in import_module(f"{FOLDER}.{name}").OPERATIONS)
