"""All sinks there are: the files of this folder, and what other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from stillwatch.records import UsageError
from stillwatch.sinks._delivery.address import scheme_of
from stillwatch.sinks._delivery.interface import Kind, Sink

PACKAGE = "stillwatch.sinks"  # the folder, and the group of entry points


@cache
def catalogue() -> dict[str, Kind]:
    """Every kind of sink by its file's name; names that begin with _ are passed over."""
    folder = import_module(PACKAGE).__path__
    names = [found.name for found in iter_modules(folder) if not found.name.startswith("_")]
    here: dict[str, Kind] = {name: import_module(f"{PACKAGE}.{name}").SINK for name in names}
    return here | {entry.name: entry.load() for entry in entry_points(group=PACKAGE)}


def open_sink(url: str) -> Sink:
    """The sink a URL names. The URL may hold a secret, so no message repeats more of it than the scheme."""
    scheme = scheme_of(url)
    by_scheme = {name: kind for kind in catalogue().values() for name in kind.schemes}
    if scheme not in by_scheme:
        raise UsageError(f"no alarm sink for {scheme!r}; there are: {', '.join(sorted(by_scheme))}")
    return by_scheme[scheme].open(url)
