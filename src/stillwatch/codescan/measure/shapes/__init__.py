"""Shapes of propagation: small pieces of code in which one of two values arrives, and the other does not.

Every shape sets `$result` to `$kept` whatever the two hold, so a weakness downstream is real exactly if `$kept` is
the dangerous one: the label holds by construction. Names beginning with `$` are made up for each use. A file of this
folder is a family; a shape may bring definitions for the module and a module of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from string import Template

from stillwatch.codescan.measure.words import Words

_PLACEHOLDER = re.compile(r"\$([A-Za-z]\w*)")
GIVEN = frozenset({"kept", "dropped", "result", "module"})


@dataclass(frozen=True)
class Shape:
    """`body` stands in a function, `definitions` in its module, `helper` in the module `$module` beside it."""

    name: str
    body: str
    definitions: str = ""
    helper: str = ""


@dataclass(frozen=True)
class Written:
    """A shape with its names filled in; `helper_module` is None for one without a module of its own."""

    body: str
    definitions: str
    helper: str
    helper_module: str | None


def families() -> Mapping[str, Sequence[Shape]]:
    """Every family of this folder with its shapes."""
    return {found.name: import_module(f"{__name__}.{found.name}").SHAPES for found in iter_modules(__path__)}


def catalogue() -> list[Shape]:
    return [shape for family in families().values() for shape in family]


def write(shape: Shape, kept: str, dropped: str, result: str, words: Words, package: str) -> Written:
    """Fill in the names of both values and of the result, and made-up names for the rest.

    A module of the shape's own comes into the given package.
    """
    wanted = _PLACEHOLDER.findall(shape.body + shape.definitions + shape.helper)
    filled = {"kept": kept, "dropped": dropped, "result": result}
    if shape.helper:
        filled["module"] = f"{package}.{words.snake()}"
    for name in dict.fromkeys(wanted):
        if name not in GIVEN:
            filled[name] = _made_up(name, words)
    return Written(
        Template(shape.body).substitute(filled),
        Template(shape.definitions).substitute(filled),
        Template(shape.helper).substitute(filled),
        filled.get("module"),
    )


def _made_up(name: str, words: Words) -> str:
    if name.isupper():
        return words.upper()
    return words.camel() if name[0].isupper() else words.snake()
