"""`operator.itemgetter` and its like: functions that remember what to get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, calls, subscripts
from stillwatch.codescan.engine.heap import State, deep_taints
from stillwatch.codescan.engine.values import (
    Constant,
    Outside,
    Partial,
    Tuple,
    Value,
    unknown,
)

if TYPE_CHECKING:
    from stillwatch.codescan.engine.builtins import Arguments, Keywords, Special
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes


def _getter(name: str) -> Special:
    """`operator.itemgetter(…)` and its like: a function that remembers what to get."""
    return lambda run, _f, arguments, keywords, _state, _at: Partial(
        Outside(f"operator.{name}()"), tuple(arguments), tuple(keywords.items())
    )


def _got_item(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    *keys, subject = arguments
    found = [subscripts.read(run, subject, key, state, at) for key in keys]
    return found[0] if len(found) == 1 else Tuple(tuple(found))


def _got_attribute(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    *paths, subject = arguments
    found: list[Value] = []
    for path in paths:
        value = subject
        for name in str(path.value).split(".") if isinstance(path, Constant) else ():
            value = attributes.read(run, value, name, state, at)
        found.append(value if isinstance(path, Constant) else unknown(deep_taints(subject, state)))
    return found[0] if len(found) == 1 else Tuple(tuple(found))


def _called_method(
    run: Run, _function: Outside, arguments: Arguments, keywords: Keywords, state: State, at: nodes.At
) -> Value | None:
    name, *given, subject = arguments
    if not isinstance(name, Constant):
        return None
    return calls.call(
        run, attributes.read(run, subject, str(name.value), state, at), given, keywords, state, at
    )


SPECIAL: dict[str, Special] = {
    "operator.itemgetter": _getter("itemgetter"),
    "operator.attrgetter": _getter("attrgetter"),
    "operator.methodcaller": _getter("methodcaller"),
    "operator.itemgetter()": _got_item,
    "operator.attrgetter()": _got_attribute,
    "operator.methodcaller()": _called_method,
}
