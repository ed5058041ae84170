"""Fields of forms and serializers: which hold nobody's text once they were checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, routines, validated
from stillwatch.codescan.engine.heap import DictObject, Instance, State, path_of
from stillwatch.codescan.engine.run import Thrown
from stillwatch.codescan.engine.values import Constant, Routine, Value

if TYPE_CHECKING:
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

HARMLESS = frozenset({
    "int",
    "IntegerField", "FloatField", "DecimalField", "BooleanField", "NullBooleanField", "DateField", "DateTimeField",
    "TimeField", "DurationField", "UUIDField", "ChoiceField", "TypedChoiceField", "MultipleChoiceField", "SlugField",
    "ModelChoiceField", "ModelMultipleChoiceField", "GenericIPAddressField", "IPAddressField", "PrimaryKeyRelatedField",
})  # fmt: skip
FREE = frozenset({"CharField", "JSONField", "ListField", "DictField", "TextField"})


def declared(form: Value | None, name: str, state: State) -> Value | None:
    """What a form of the code base declares for a field."""
    thing = state.object_of(form)
    if not isinstance(thing, Instance):
        return None
    return thing.attributes.get(f"option {name}") or attributes.lookup(thing.kind, name, state)


def cleaned(run: Run, form: Value | None, name: str, value: Value, state: State, at: nodes.At) -> Value:
    """The value of a field as the form's own `clean_NAME` leaves it."""
    checks = declared(form, f"clean_{name}", state)
    thing = state.object_of(form)
    running = [frame.routine.node for frame in run.frames if frame.routine is not None]
    if not isinstance(checks, Routine) or not isinstance(thing, Instance) or checks.node in running:
        return value
    held = run.new(DictObject({(name,): value}), state)
    receiver = run.new(Instance(thing.kind, {"cleaned_data": held}), state)
    try:
        return routines.call(run, checks, [receiver], {}, state, at)
    except Thrown:
        if run.following is not None:
            raise
        run.risks += 1
        return value


def kind(field: Value | None, state: State) -> str:
    return "" if field is None else path_of(field, state).removesuffix("()").rpartition(".")[2]


def let_through(run: Run, value: Value, field: Value | None, state: State) -> Value:
    """The value, if the field's pattern lets it through."""
    if field is None or kind(field, state) != "RegexField":
        return value
    given = validated.marked(field, state)
    pattern = given.get(0) or given.get("regex")
    return (
        validated.matching(run, value, pattern.value, whole=False) if isinstance(pattern, Constant) else value
    )
