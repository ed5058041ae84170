"""All attacks there are: the files of the folder `attacks`."""

from importlib import import_module
from pkgutil import iter_modules

from stillwatch.lab import attacks
from stillwatch.lab.attacking.harvest import Attack


def catalogue() -> list[Attack]:
    """By file name."""
    names = sorted(found.name for found in iter_modules(attacks.__path__))
    return [import_module(f"{attacks.__name__}.{name}").ATTACK for name in names]
