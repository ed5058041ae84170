"""Paths that are made absolute: what `pathlib` does by asking the file system, without links."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import constants
from stillwatch.codescan.engine.values import Constant, Outside, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.heap import State
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes


def _resolved(
    _run: Run,
    function: Outside,
    _arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    _state: State,
    _at: nodes.At,
) -> Value | None:
    path = function.receiver
    if not isinstance(path, Constant) or not isinstance(path.value, pathlib.PurePath):
        return None
    return Constant(pathlib.PurePosixPath(constants.absolute(str(path.value))), path.taints)


def _here(
    _run: Run,
    function: Outside,
    _arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    _state: State,
    _at: nodes.At,
) -> Value | None:
    here = constants.WORKING_DIRECTORY
    return Constant(here if function.path == "os.getcwd" else pathlib.PurePosixPath(here))


SPECIAL = {
    "pathlib.Path.resolve": _resolved,
    "pathlib.Path.absolute": _resolved,
    "pathlib.Path.cwd": _here,
    "os.getcwd": _here,
}
