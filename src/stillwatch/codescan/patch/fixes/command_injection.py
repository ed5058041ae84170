"""Commands: what is filled into the text of a shell is quoted for it, so that it stays one word.

Left to a person: data that decides which program is run, text that stands in quotes of the command's own, and commands put
together elsewhere. What is quoted is one word from then on: data that was meant to be several is no longer split.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "command-injection"
SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "/bin/sh", "/bin/bash"})


def edits(site: Site) -> Iterator[Edit]:
    """Quote each hole of the command."""
    given = site.argument(0, "command", "cmd", "args")
    if given is None:
        raise NoFix("the command is not written out")
    holes: list[templates.Hole] = []
    for text in _texts(site, given.value):
        found = templates.pieces(site, text)
        here = templates.foreign(site, found)
        if any(hole.node is text for hole in here):
            raise NoFix("the command is put together elsewhere, or all of it is others' data")
        if here and found[0] is here[0] and text is _texts(site, given.value)[0]:
            raise NoFix("others' data decides which program is run: only a list of those allowed helps")
        if any(
            templates.in_quotes(found)
        ):  # quoting helps where the shell is not already reading a quoted text
            raise NoFix("what is filled in stands in quotes of the command's own")
        holes.extend(here)
    if not holes:
        raise NoFix("the command is put together elsewhere")
    note = "what is filled into the command is quoted for the shell"
    edit = Edit(note)
    quote = f"{site.using('shlex', None, edit)}.quote"
    edit.replaced.update(templates.wrapped(quote, holes))
    yield edit
    if all(isinstance(hole.node, cst.Name) for hole in holes):
        edit = Edit(f"{note}; an empty text stays no word", imports=edit.imports)
        for hole in holes:
            name = site.code(hole.node)
            edit.replaced[hole.node] = cst.parse_expression(f"({quote}({name}) if {name} else {name})")
        yield edit


def _texts(site: Site, given: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The texts that a shell reads: the command itself, or the script of `sh -c`."""
    sources = site.sources(given)
    if not any(isinstance(one, (cst.List, cst.Tuple)) for one in sources):
        return sources
    items = [
        element.value for one in sources if isinstance(one, (cst.List, cst.Tuple)) for element in one.elements
    ]
    items.extend(one for one in sources if not isinstance(one, (cst.List, cst.Tuple)))
    written = [one.evaluated_value for one in items if isinstance(one, cst.SimpleString)]
    if not SHELLS.intersection(written):
        raise NoFix("others' data decides which program is run: only a list of those allowed helps")
    return [text for one in items if not isinstance(one, cst.SimpleString) for text in site.sources(one)]
