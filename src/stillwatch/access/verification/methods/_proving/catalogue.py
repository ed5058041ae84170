"""All methods there are: the files of the folder, and what other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from stillwatch.access.verification.methods._proving.interface import Method

PACKAGE = "stillwatch.access.verification.methods"  # the folder
GROUP = "stillwatch.verification"  # of entry points


@cache
def catalogue() -> dict[str, Method]:
    """Every method by its file's name; names that begin with _ are passed over."""
    folder = import_module(PACKAGE).__path__
    names = [found.name for found in iter_modules(folder) if not found.name.startswith("_")]
    here: dict[str, Method] = {name: import_module(f"{PACKAGE}.{name}").METHOD for name in names}
    return here | {entry.name: entry.load() for entry in entry_points(group=GROUP)}
