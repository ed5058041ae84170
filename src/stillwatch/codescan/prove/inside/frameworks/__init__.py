"""Web frameworks whose applications can be found and asked: one file each, found by walking this folder.

NAME                              as the models of the scanner call it
CONSTRUCTORS                      texts in a file's source that tell of an application made there
quiet()                           servers that would be started at import are not
is_application(thing)             whether it is one of this framework
routes(application)               each handler with its methods, and how its path is built
send(application, request)        the answer to a request
bare(module)                      optional: applications put together around what a module offers to be registered
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@dataclass
class Route:
    """One way to a handler; `path` is built from values for the variables, which are texts that the route allows."""

    function: Any
    pattern: str
    methods: list[str]
    path: Callable[[dict[str, str]], str | None]
    variables: list[str] = field(default_factory=list)


def catalogue() -> dict[str, ModuleType]:
    found = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {module.NAME: module for module in found}
