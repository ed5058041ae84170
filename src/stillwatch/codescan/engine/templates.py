"""Templates: which engines write values into a page so that they stay text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine.heap import Instance, State
from stillwatch.codescan.engine.values import Constant, Outside, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

ESCAPING = "jinja2.EscapingTemplate"


def _made(
    run: Run,
    function: Outside,
    _arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    """A template of an environment that was told to escape."""
    receiver = function.receiver
    thing = state.object_of(receiver)
    told = dict(thing.arguments).get("autoescape") if isinstance(thing, Instance) else None
    if told is None or (isinstance(told, Constant) and not told.value):
        return None
    return run.new(Instance(Outside(ESCAPING), {}), state)


SPECIAL = {
    "jinja2.Environment.from_string": _made,
    "jinja2.Environment.get_template": _made,
}
