"""Fields of forms and serializers: which hold nobody's text once they were checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, validated
from stillwatch.codescan.engine.heap import Instance, State, path_of
from stillwatch.codescan.engine.values import Constant, Ref, Value

if TYPE_CHECKING:
    from stillwatch.codescan.engine.run import Run

HARMLESS = frozenset({
    "int",
    "IntegerField", "FloatField", "DecimalField", "BooleanField", "NullBooleanField", "DateField", "DateTimeField",
    "TimeField", "DurationField", "UUIDField", "ChoiceField", "TypedChoiceField", "MultipleChoiceField", "SlugField",
    "ModelChoiceField", "ModelMultipleChoiceField", "GenericIPAddressField", "IPAddressField", "PrimaryKeyRelatedField",
})  # fmt: skip
FREE = frozenset({"CharField", "JSONField", "ListField", "DictField", "TextField"})


def declared(form: Value | None, name: str, state: State) -> Value | None:
    """What a form of the code base declares for a field."""
    thing = state.thing(form.address) if isinstance(form, Ref) else None
    if not isinstance(thing, Instance):
        return None
    return thing.attributes.get(f"option {name}") or attributes.lookup(thing.kind, name, state)


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
