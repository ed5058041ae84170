"""Commands: what is filled into the text of a shell is quoted for it, so that it stays one word.

Left to a person: data that decides which program is run, text that stands in quotes of the command's own, and commands put
together elsewhere. What is quoted is one word from then on: data that was meant to be several is no longer split.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.site import Edit, NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULE = "command-injection"
SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "/bin/sh", "/bin/bash"})


def edits(site: Site) -> Iterator[Edit]:
    """Quote each hole of the command."""
    given = site.argument(0, "command", "cmd", "args")
    if given is None:
        raise NoFix("the command is not written out")
    command = site.resolved(given.value)
    if isinstance(command, (cst.List, cst.Tuple)):
        command = site.resolved(_script(command))
    found = templates.pieces(site, command)
    holes = templates.foreign(site, found)
    if not holes or any(hole.node is command for hole in holes):
        raise NoFix("the command is put together elsewhere, or all of it is others' data")
    if isinstance(found[0], templates.Hole):
        raise NoFix("others' data decides which program is run: only a list of those allowed helps")
    _stands_free(found)
    name = "quote" if site.binds("shlex") and "import shlex" not in site.module.code else "shlex.quote"
    imports: list[tuple[str, str | None]] = [("shlex", None if name == "shlex.quote" else "quote")]
    yield Edit(
        "what is filled into the command is quoted for the shell",
        templates.wrapped(name, holes),
        imports=imports,
    )


def _script(items: cst.List | cst.Tuple) -> cst.BaseExpression:
    """The script of `sh -c`."""
    values = [one.value for one in items.elements]
    first = values[0] if values else None
    if isinstance(first, cst.SimpleString) and first.evaluated_value in SHELLS and len(values) > 2:
        return values[2]
    raise NoFix("others' data decides which program is run: only a list of those allowed helps")


def _stands_free(found: Sequence[templates.Piece]) -> None:
    """Quoting helps where the shell is not already reading a quoted text."""
    quote = ""
    for piece in found:
        if isinstance(piece, templates.Hole):
            if quote:
                raise NoFix("what is filled in stands in quotes of the command's own")
            continue
        for letter in piece:
            if quote == letter:
                quote = ""
            elif not quote and letter in "'\"":
                quote = letter
