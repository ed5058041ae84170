"""Documents as text and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import sources
from stillwatch.codescan.engine.heap import State, deep_taints, plain
from stillwatch.codescan.engine.values import (
    Constant,
    Outside,
    Value,
)

if TYPE_CHECKING:
    from stillwatch.codescan.engine.builtins import Arguments, Keywords, Special
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

JSON = "json"


def _dumped(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    """Text that remembers what it was written from, where that is not known whole."""
    if len(arguments) != 1 or isinstance(arguments[0], Constant):
        return None
    try:
        plain(arguments[0], state)
    except LookupError:
        return Outside("str", deep_taints(arguments[0], state), None, ((JSON, arguments[0]),))
    return None


def _loaded(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    first = arguments[0] if arguments else None
    if run.following is not None and isinstance(first, Constant) and first.taints:
        return sources.any_document(run, first, state) if run.following.whole(first.value) else None
    if (
        isinstance(first, Outside)
        and first.path == "str"
        and first.arguments
        and first.arguments[0][0] == JSON
    ):
        return first.arguments[0][1]
    return None


SPECIAL: dict[str, Special] = {
    "json.dumps": _dumped,
    "json.loads": _loaded,
    "ujson.loads": _loaded,
    "orjson.loads": _loaded,
    "simplejson.loads": _loaded,
    "yaml.safe_load": _loaded,
    "tomllib.loads": _loaded,
    "flask.json.loads": _loaded,
}
