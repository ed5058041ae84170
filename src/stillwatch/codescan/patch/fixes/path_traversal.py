"""Paths: a name that leads out of the folder it is put into is refused, as a file that is not there; or its last part is taken.

Only a name that is a text and stands below a folder of the program's own is edited. Left to a person: what is the whole path or
its beginning, where only they know which folders are meant, and objects of a path. A name that whoever runs the program
gives (an environment variable, a command line) keeps the folders it has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.confidence import OWN_INPUTS
from stillwatch.codescan.patch import flows, templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "path-traversal"
SAME_PLACE = frozenset({"str", "fspath", "abspath", "realpath", "normpath"})
"""Calls that give the path they are given, in another form."""
MAKES_PATHS = frozenset({
    "Path", "PurePath", "PosixPath", "joinpath", "resolve", "absolute", "expanduser", "relative_to",
    "with_name", "with_stem", "with_suffix", "cwd", "home",
})  # fmt: skip
_OBJECT = re.compile(r"Path\b(?!\()")
SEPARATORS = frozenset({"os.sep", "os.path.sep", "os.altsep"})


def edits(site: Site) -> Iterator[Edit]:
    """Guard the folder; else take the name's last part."""
    whole = _path(site)
    found = _joined(site, whole)
    holes = _names(site, found)
    if len(holes) == 1:
        yield _guarded(site, whole, holes[0])
    if all(source.kind in OWN_INPUTS for source in site.finding.inputs) and site.finding.inputs:
        return
    edit = Edit("only the last part of the name is taken")
    edit.replaced.update(templates.wrapped(f"{site.using('os', None, edit)}.path.basename", holes))
    yield edit


def _guarded(site: Site, whole: cst.BaseExpression, name: templates.Hole) -> Edit:
    edit = Edit("a name that leads out of the folder is refused")
    hole = site.named(name.node, "name", edit)
    test = f'if ".." in {hole}.replace("\\\\", "/").split("/")'
    if not isinstance(whole, (cst.FormattedString, cst.BinaryOperation)) or (
        isinstance(whole, cst.BinaryOperation) and isinstance(whole.operator, cst.Divide)
    ):
        test += f" or {site.using('os', None, edit)}.path.isabs({hole})"  # joining forgets what stands before an absolute path
    edit.before.setdefault(site.statement(whole), []).append(f"{test}:\n    raise FileNotFoundError({hole})")
    return edit


def _names(site: Site, found: list[templates.Piece]) -> list[templates.Hole]:
    """What stands below a folder that the program fixes, and others' data may fill. Raises NoFix where there is none."""
    if not found:
        raise NoFix("the path is put together elsewhere")
    folder, *below = found
    holes = [one for one in templates.foreign(site, below) if site.code(one.node) not in SEPARATORS]
    reached = [one for one in holes if _is_reached(site, one)]
    if isinstance(folder, str):
        fixed = bool(folder.strip("/\\"))  # below the root, all is open
    else:
        fixed = folder.number or templates.is_fixed(site, folder.node)
        if not fixed and (not reached or _is_reached(site, folder)):
            raise NoFix("what is given may be a whole path: which folders are meant is for a person to say")
    if not holes or not (fixed or isinstance(folder, templates.Hole)):
        raise NoFix("no name below a folder of the program's own is seen")
    chosen = reached or holes
    if any(_is_object(site, one.node) for one in chosen):
        raise NoFix("what is given is an object of a path, and may be a whole one")
    return chosen


def _is_reached(site: Site, hole: templates.Hole) -> bool:
    return flows.through(site, hole.node) or flows.through(site, site.resolved(hole.node))


def _is_object(site: Site, node: cst.BaseExpression) -> bool:
    """Whether an expression gives an object of a path, or what it is a part of is one, as far as the file says."""
    if isinstance(node, cst.Name) and _OBJECT.search(site.annotated(node.value)):
        return True
    match site.resolved(node):
        case cst.Call(func=function):
            return site.code(function).rpartition(".")[2] in MAKES_PATHS
        case cst.Attribute(attr=cst.Name(value="parent")) | cst.BinaryOperation(operator=cst.Divide()):
            return True
    return False


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
        case cst.Call(func=cst.Attribute(value=folder, attr=cst.Name(value="joinpath"))):
            return _below(site, [folder, *(one.value for one in whole.args)])
        case cst.Call(func=function) if site.code(function).endswith(("path.join", "Path", "PurePath")):
            return _below(site, [one.value for one in whole.args])
        case cst.Call(func=function, args=[cst.Arg(value=inner)]) if (
            site.code(function).rpartition(".")[2] in SAME_PLACE
        ):
            found = _joined(site, inner)
            return found if len(found) > 1 else [templates.Hole(whole)]
        case cst.BinaryOperation(operator=cst.Divide()):
            return _below(site, [whole.left, whole.right])
    return templates.pieces(site, whole)


def _below(site: Site, parts: list[cst.BaseExpression]) -> list[templates.Piece]:
    made: list[templates.Piece] = []
    for part in parts:
        if made:
            made.append("/")
        made.extend(_joined(site, part))
    return made
