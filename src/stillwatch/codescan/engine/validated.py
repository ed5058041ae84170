"""What declarations of fields and parameters refuse: patterns, and functions that check a value before it is kept.

What is refused never reaches the code: with a payload that does not fit, the run ends. Without one, nothing is known of the value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, routines
from stillwatch.codescan.engine.heap import ClassObject, Instance, State
from stillwatch.codescan.engine.patternhints import ends
from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.values import Constant, Outside, Ref, Routine, Value, options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stillwatch.codescan.syntax import nodes

PATTERNS = ("pattern", "regex")
ONE_FIELD = frozenset(
    {"pydantic.field_validator()", "pydantic.validator()", "pydantic.functional_validators.field_validator()"}
)
ALL_FIELDS = frozenset({"pydantic.model_validator()", "pydantic.root_validator()"})
WHOLE_TEXT = frozenset({"attr.validators.matches_re", "attrs.validators.matches_re", "attr.validators.matches_re()",
                        "attrs.validators.matches_re()", "django.forms.RegexField", "rest_framework.serializers.RegexField"})  # fmt: skip


def marked(value: Value | None, state: State) -> dict[str | int, Value]:
    """The arguments of the call that a value came from (`Field(pattern=…)`)."""
    thing = state.object_of(value)
    if isinstance(thing, Instance):
        return dict(thing.arguments)
    return dict(value.arguments) if isinstance(value, Outside) else {}


def fits(run: Run, value: Value, given: Mapping[str | int, Value]) -> Value:
    """The value, if what was declared lets it through."""
    for name in PATTERNS:
        pattern = given.get(name)
        if isinstance(pattern, Constant):
            value = matching(run, value, pattern.value, whole=False)
    return value


def matching(run: Run, value: Value, pattern: object, *, whole: bool) -> Value:
    """The options of a value that a pattern fits; raises where none is left."""
    if run.following is None or not isinstance(pattern, str | re.Pattern):
        return value
    try:
        compiled = re.compile(pattern)
    except re.error:
        return value
    for option in options(value):
        if isinstance(option, Constant) and option.taints and isinstance(option.value, str):
            for text in ends(compiled.pattern):
                run.following.compared(text)
            if (compiled.fullmatch if whole else compiled.search)(option.value) is None:
                raise Thrown(Outside("ValueError"))
    return value


def _functions(kind: Value, state: State) -> Iterator[tuple[Value, Routine]]:
    for one in attributes.lineage(kind, state):
        thing = state.object_of(one)
        for held in thing.attributes.values() if isinstance(thing, ClassObject) else ():
            if isinstance(held, Routine) and held.marks:
                yield one, held


def _names(routine: Routine, paths: Iterable[str]) -> set[str] | None:
    """The fields a function checks, if it is decorated as a check."""
    for mark in routine.marks:
        if isinstance(mark, Outside) and mark.path in paths:
            return {
                str(one.value)
                for place, one in mark.arguments
                if isinstance(place, int) and isinstance(one, Constant)
            }
    return None


def by_functions(run: Run, kind: Value, name: str, value: Value, state: State, at: nodes.At) -> Value:
    """The value of a field as the functions leave it that check it."""
    for owner, routine in _functions(kind, state):
        checked = _names(routine, ONE_FIELD)
        if checked is not None and ({name, "*"} & checked):
            value = _called(run, routine, [owner, value], state, at) or value
    return value


def whole(run: Run, kind: Value, made: Ref, state: State, at: nodes.At) -> None:
    """Let the functions see the instance that check all of it."""
    for _, routine in _functions(kind, state):
        if _names(routine, ALL_FIELDS) is not None and "classmethod" not in routine.wrapped:
            _called(run, routine, [made], state, at)


def _called(run: Run, routine: Routine, arguments: list[Value], state: State, at: nodes.At) -> Value | None:
    try:
        return routines.call(run, routine, arguments, {}, state, at)
    except Thrown:
        if run.following is not None:
            raise
        run.risks += 1
        return None


def by_validator(run: Run, value: Value, declared: Value | None, state: State) -> Value:
    """The value of an attrs field, if its validators let it through."""
    validator = marked(declared, state).get("validator")
    for one in options(validator) if validator is not None else ():
        if isinstance(one, Outside) and one.path in WHOLE_TEXT:
            given = dict(one.arguments).get(0)
            if isinstance(given, Constant):
                value = matching(run, value, given.value, whole=True)
    return value
