"""All log formats there are: the files of this folder, and what other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

import stillwatch.sources
from stillwatch.sources._interface import Block, Decoded, Source


@cache
def catalogue() -> dict[str, Source]:
    """Every format by name; `_machinery` modules are passed over."""
    names = [found.name for found in iter_modules(stillwatch.sources.__path__) if found.name[0] != "_"]
    here: list[Source] = [import_module(f"stillwatch.sources.{name}").SOURCE for name in names]
    outside: list[Source] = [entry.load() for entry in entry_points(group="stillwatch.sources")]
    return {source.name: source for source in [*here, *outside]}


def decode(block: Block) -> Decoded:
    """Read one block with the format that cut it. Pure, so that any process may run it."""
    return catalogue()[block.source].decode(block)
