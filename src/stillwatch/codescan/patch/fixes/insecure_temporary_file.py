"""Temporary files: the file is made by who names it; else its name is one in a folder of its own.

Neither the file nor the folder goes away by itself, as none did before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "insecure-temporary-file"
SUFFIX = 0  # its place among the arguments of mktemp
MODES = frozenset({"w", "wb", "w+", "w+b", "wb+", "wt", "x", "xb"})


def edits(site: Site) -> Iterator[Edit]:
    """Open the file at once where that is all that is done with the name; else put it into a new folder."""
    if site.finding.sink != "tempfile.mktemp":
        raise NoFix(f"{site.finding.sink} is not there in Python 3")
    function = site.call.func
    if any(one.star for one in site.call.args):
        raise NoFix("the arguments are not written out")
    opened = _opened(site)
    if opened is not None:
        edit = Edit("the file is made by who names it")
        maker = _beside(function, "NamedTemporaryFile", site, edit)
        edit.replaced[opened] = cst.parse_expression(f"{maker}({_arguments(site, opened)})")
        yield edit
    edit = Edit("the name is one in a folder that only this program may use")
    folder = _beside(function, "mkdtemp", site, edit)
    suffix = site.argument(SUFFIX, "suffix")
    others = [one for one in site.call.args if one is not suffix]
    named = ", ".join(
        f"{'prefix' if number == 1 else 'dir'}={site.code(one.value)}"
        if one.keyword is None
        else site.code(one).rstrip(", ")
        for number, one in enumerate(site.call.args)
        if one in others
    )
    name = '"file"' if suffix is None else f'"file" + {site.code(suffix.value)}'
    join = f"{site.using('os', None, edit)}.path.join"
    edit.replaced[site.call] = cst.parse_expression(f"{join}({folder}({named}), {name})")
    yield edit


def _opened(site: Site) -> cst.Call | None:
    """The call of `open` that the name is given to right away, if it makes the file."""
    above = site.parent(site.parent(site.call) or site.call)
    if not isinstance(above, cst.Call) or site.code(above.func) != "open" or len(above.args) < 2:
        return None
    first, mode, *others = above.args
    written = isinstance(mode.value, cst.SimpleString) and mode.value.evaluated_value in MODES
    if first.value is not site.call or not written or mode.keyword is not None:
        return None
    known = all(
        one.keyword is not None and one.keyword.value in {"encoding", "newline", "errors"} for one in others
    )
    return above if known else None


def _arguments(site: Site, opened: cst.Call) -> str:
    _, mode, *others = opened.args
    given = [site.code(mode.value).replace("x", "w")]
    given.extend(site.code(one).rstrip(", ") for one in others)
    names = ("suffix", "prefix", "dir")
    for number, one in enumerate(site.call.args):
        keyword = names[number] if one.keyword is None else one.keyword.value
        given.append(f"{keyword}={site.code(one.value)}")
    return ", ".join([*given, "delete=False"])


def _beside(function: cst.BaseExpression, name: str, site: Site, edit: Edit) -> str:
    """Another function of the same module, by the same way to it."""
    if isinstance(function, cst.Attribute):
        return f"{site.code(function.value)}.{name}"
    return site.using("tempfile", name, edit)


EXAMPLES = [
    (
        """
import tempfile

def keep(text):
    with open(tempfile.mktemp(suffix=".txt"), "w", encoding="utf-8") as file:
        file.write(text)
""",
        """
import tempfile

def keep(text):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt", delete=False) as file:
        file.write(text)
""",
    ),
    (
        """
import tempfile

def place():
    name = tempfile.mktemp(".txt", dir="/srv")
    return name
""",
        """
import tempfile
import os

def place():
    name = os.path.join(tempfile.mkdtemp(dir="/srv"), "file" + ".txt")
    return name
""",
    ),
]
