"""All responses there are: the files of this folder, and what other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from stillwatch.records import STEPS, Step
from stillwatch.responses._acting.interface import Response

PACKAGE = "stillwatch.responses"  # the folder, and the group of entry points


@cache
def catalogue() -> dict[Step, Response]:
    """The response of each step, mildest first; names that begin with _ are passed over."""
    folder = import_module(PACKAGE).__path__
    names = [found.name for found in iter_modules(folder) if not found.name.startswith("_")]
    here: list[Response] = [import_module(f"{PACKAGE}.{name}").RESPONSE for name in names]
    outside: list[Response] = [entry.load() for entry in entry_points(group=PACKAGE)]
    found = {response.step: response for response in [*here, *outside]}
    return {step: found[step] for step in STEPS if step in found}
