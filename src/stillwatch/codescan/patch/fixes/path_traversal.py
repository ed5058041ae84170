"""Paths: a name that leads out of the folder it is put into is refused, as a file that is not there.

Where the folder is not seen, only the last part of the name is taken. Left to a person: names that are whole paths, where
only they know which folders are meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "path-traversal"


def edits(site: Site) -> Iterator[Edit]:
    """Guard the folder; else take the name's last part."""
    whole = _path(site)
    found = _joined(site, whole)
    holes = templates.foreign(site, found)
    if not holes:
        raise NoFix("the path is put together elsewhere")
    if (
        len(found) > 1
        and not (isinstance(found[0], templates.Hole) and found[0] in holes)
        and len(holes) == 1
    ):
        edit = Edit("a name that leads out of the folder is refused")
        hole = site.named(holes[0].node, "name", edit)
        test = f'if ".." in {hole}.replace("\\\\", "/").split("/")'
        if not isinstance(whole, (cst.FormattedString, cst.BinaryOperation)) or (
            isinstance(whole, cst.BinaryOperation) and isinstance(whole.operator, cst.Divide)
        ):
            test += f" or {site.using('os', None, edit)}.path.isabs({hole})"  # joining forgets what stands before an absolute path
        edit.before.setdefault(site.statement(whole), []).append(
            f"{test}:\n    raise FileNotFoundError({hole})"
        )
        yield edit
    edit = Edit("only the last part of the name is taken")
    edit.replaced.update(templates.wrapped(f"{site.using('os', None, edit)}.path.basename", holes))
    yield edit


def _path(site: Site) -> cst.BaseExpression:
    """The expression of the path: an argument, or what the method's object was made of."""
    if site.finding.sink.startswith("pathlib."):
        if not isinstance(site.call.func, cst.Attribute):
            raise NoFix("how the path is made is not read here")
        return site.resolved(site.call.func.value)
    given = site.argument(0, "file", "path", "name", "path_or_file", "filename", "src")
    if given is None:
        raise NoFix("the path is not written out")
    return site.resolved(given.value)


def _joined(site: Site, whole: cst.BaseExpression) -> list[templates.Piece]:
    """The pieces of a path, also where it is joined or divided; a name of what is not put together is one of them."""
    resolved = site.resolved(whole)
    made = _parts(site, resolved)
    return [templates.Hole(whole)] if made == [templates.Hole(resolved)] else made


def _parts(site: Site, whole: cst.BaseExpression) -> list[templates.Piece]:
    match whole:
        case cst.Call(func=function) if site.code(function).endswith(
            ("path.join", "Path", "joinpath", "PurePath")
        ):
            made: list[templates.Piece] = []
            for one in whole.args:
                if made:
                    made.append("/")
                made.extend(_joined(site, one.value))
            return made
        case cst.BinaryOperation(operator=cst.Divide()):
            return [*_joined(site, whole.left), "/", *_joined(site, whole.right)]
    return templates.pieces(site, whole)
