"""All forms there are: the files of this folder, and what other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from stillwatch.sharing.formats._projection.interface import Form

PACKAGE = "stillwatch.sharing.formats"  # the folder, and the group of entry points


@cache
def catalogue() -> dict[str, Form]:
    """Every form by its file's name; names that begin with _ are passed over."""
    folder = import_module(PACKAGE).__path__
    names = [found.name for found in iter_modules(folder) if not found.name.startswith("_")]
    here: dict[str, Form] = {name: import_module(f"{PACKAGE}.{name}").FORM for name in names}
    return here | {entry.name: entry.load() for entry in entry_points(group=PACKAGE)}
