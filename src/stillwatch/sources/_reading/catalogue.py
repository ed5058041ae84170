"""All log formats there are: the files of this folder, and what other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from stillwatch.sources._reading.interface import Block, Decoded, Source

PACKAGE = "stillwatch.sources"  # the folder, and the group of entry points


@cache
def catalogue() -> dict[str, Source]:
    """Every format by name; names that begin with _ are passed over."""
    folder = import_module(PACKAGE).__path__
    names = [found.name for found in iter_modules(folder) if not (found.ispkg or found.name.startswith("_"))]
    here: list[Source] = [import_module(f"{PACKAGE}.{name}").SOURCE for name in names]
    outside: list[Source] = [entry.load() for entry in entry_points(group=PACKAGE)]
    return {source.name: source for source in [*here, *outside]}


def decode(block: Block) -> Decoded:
    """Read one block with the format that cut it. Pure, so that any process may run it."""
    return catalogue()[block.source].decode(block)
