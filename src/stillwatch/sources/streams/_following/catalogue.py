"""Finds every transport by walking the folder, and the one that serves an address."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

import stillwatch.sources.streams as room
from stillwatch.records import UsageError
from stillwatch.sources.streams._following.interface import Stream, Transport


@cache
def transports() -> dict[str, Transport]:
    """Transports by scheme; other packages add theirs by the entry point group `stillwatch.streams`."""
    here = [
        import_module(f"{room.__name__}.{found.name}").TRANSPORT
        for found in iter_modules(room.__path__)
        if not found.name.startswith("_")
    ]
    others = [entry.load() for entry in entry_points(group="stillwatch.streams")]
    return {scheme: transport for transport in [*here, *others] for scheme in sorted(transport.schemes)}


def open_stream(address: str, position: str | None) -> Stream:
    """The stream at an address: a path, or a URL whose scheme a transport serves."""
    scheme = address.partition("://")[0] if "://" in address else ""
    transport = transports().get(scheme)
    if transport is None:
        known = ", ".join(f"{name}://" for name in transports() if name)
        raise UsageError(f"{address}: nothing follows {scheme}://; there is {known}, or a path")
    return transport.open(address, position)
