"""What is typed on a command line: which options are numbers, choices or switches, and so nobody's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine.heap import Instance, State, path_of
from stillwatch.codescan.engine.values import Constant, Outside, Ref, Routine, Value, options, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

NUMBERS = frozenset({
    "int", "float", "bool", "INT", "FLOAT", "BOOL", "UUID", "IntRange", "FloatRange", "Choice", "DateTime", "INT()",
    "IntRange()", "FloatRange()", "Choice()", "DateTime()",
})  # fmt: skip
SWITCHES = frozenset({"store_true", "store_false", "count", "store_const", "append_const"})
NAMESPACE = "argparse.Namespace"
DECORATORS = frozenset({"click.option()", "click.argument()"})


def _simple(given: Mapping[str | int, Value], state: State) -> bool:
    """Whether an option takes no text that others choose."""
    kind = given.get("type")
    named = (
        {path_of(option, state).rpartition(".")[2] for option in options(kind)} if kind is not None else set()
    )
    if named and NUMBERS.issuperset(named):
        return True
    action = given.get("action")
    if isinstance(action, Constant) and action.value in SWITCHES:
        return True
    switched = given.get("is_flag") or given.get("count")
    return "choices" in given or (isinstance(switched, Constant) and bool(switched.value))


def _destination(given: Mapping[str | int, Value]) -> str | None:
    """The name under which an option's value is kept."""
    told = given.get("dest")
    if isinstance(told, Constant):
        return str(told.value)
    texts = [
        one.value for place, one in given.items() if isinstance(place, int) and isinstance(one, Constant)
    ]
    flags = [text for text in texts if isinstance(text, str)]
    long = next((text for text in flags if text.startswith("--")), flags[0] if flags else None)
    return None if long is None else long.partition("/")[0].lstrip("-").replace("-", "_")


def harmless(routine: Routine, parameter: str, state: State) -> bool:
    """Whether click's decorators say that a parameter is a number, a choice or a switch."""
    for mark in routine.marks:
        if isinstance(mark, Outside) and mark.path in DECORATORS:
            given = dict(mark.arguments)
            names_given = {
                str(one.value)
                for place, one in given.items()
                if isinstance(place, int) and isinstance(one, Constant)
            }
            if (_destination(given) == parameter or parameter in names_given) and _simple(given, state):
                return True
    return False


def _declared(
    _run: Run,
    function: Outside,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    """`parser.add_argument(…)`: what it will hold is kept with the parser."""
    receiver = function.receiver
    thing = state.object_of(receiver)
    given: dict[str | int, Value] = dict(enumerate(arguments))
    given.update(keywords.items())
    name = _destination(given)
    if (
        isinstance(thing, Instance)
        and isinstance(receiver, Ref)
        and name is not None
        and _simple(given, state)
    ):
        held = {**thing.attributes, f"option {name}": unknown(path="int")}
        state.put(receiver.address, Instance(thing.kind, held, thing.arguments, thing.absorbed))
    return None


def _parsed(
    run: Run,
    function: Outside,
    _arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    state: State,
    _at: nodes.At,
) -> Value | None:
    """`parser.parse_args()`: simple options by name; all others are what was typed."""
    receiver = function.receiver
    thing = state.object_of(receiver)
    attributes = thing.attributes if isinstance(thing, Instance) else {}
    simple = {
        name.removeprefix("option "): one for name, one in attributes.items() if name.startswith("option ")
    }
    return run.new(Instance(Outside(NAMESPACE), simple), state)


SPECIAL = {
    "flask_restful.RequestParser.add_argument": _declared,
    "argparse.ArgumentParser.add_argument": _declared,
    "argparse.ArgumentParser.parse_args": _parsed,
}
