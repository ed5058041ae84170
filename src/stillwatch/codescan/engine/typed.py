"""Parameters that a framework fills by what they are declared to be: FastAPI's, and tools' that a model calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, calls, enumerations, routines, sources, validated
from stillwatch.codescan.engine.heap import ClassObject, Instance, State
from stillwatch.codescan.engine.values import Outside, Ref, Routine, Value, unknown
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.finding import InputKind

HARMLESS = frozenset({
    "int", "float", "bool", "complex", "UUID", "UUID4", "date", "datetime", "time", "timedelta", "Decimal", "None",
    "Literal", "PositiveInt", "NonNegativeInt", "PositiveFloat", "IPv4Address", "IPv6Address", "conint", "confloat",
})  # fmt: skip
"""Types whose values hold no attack, by the last part of their names."""
MARKERS: dict[str, InputKind] = {
    "Query": "query",
    "Body": "body",
    "Form": "form",
    "Header": "header",
    "Cookie": "cookie",
    "Path": "path",
    "File": "file",
}
INJECTED = frozenset({"Depends", "Security"})
WRAPPERS = frozenset({"Optional", "Union", "List", "list", "Set", "set", "Sequence", "Tuple", "tuple"})
CONTEXTS = frozenset({"ctx", "context", "runtime", "config", "run_manager", "callbacks"})
"""Parameters of tools that their framework fills, and no model."""
TEXTS = frozenset({"str", "constr()", "SecretStr", "EmailStr", "AnyUrl", "HttpUrl", "AnyHttpUrl"})
FIELDS_LIMIT = 40
NESTED = 3  # levels of models inside models


def parameter(
    run: Run, routine: Routine, declared: nodes.Parameter, route: str, kind: InputKind | None, state: State
) -> Value | None:
    """What stands in a parameter; `kind` is where all of them come from, if it is one place. None: as annotated."""
    name = declared.name
    if name in {"request", "req"} and declared.annotation is None and kind is None:
        return Outside("web.Request")
    if kind == "model" and name in CONTEXTS:
        return None
    declared = _spelled_out(run, routine, declared)
    inner, marker = _parts(declared)
    if marker is not None and _name(marker.function) in INJECTED:
        return _injected(run, routine, marker, inner, route, state)
    if inner is not None and harmless(inner):
        return unknown(path="int")
    came = kind or (None if marker is None else MARKERS.get(_name(marker.function)))
    typed = None if inner is None else _typed(run, routine, declared, inner, state)
    if isinstance(typed, Outside) and (
        typed.path in run.project.models.requests or typed.path in run.project.models.types
    ):
        return typed
    if isinstance(typed, Ref):
        return _instance(run, typed, came or "body", declared, state)
    if came is None:
        came = "path" if f"{{{name}" in route else "query"
    plain = inner is None or getattr(inner, "name", "str") == "str"
    value = sources.come_in(run, came, name, declared.at, state, "text" if plain else "json")
    for given in _told(run, routine, declared, state):
        value = validated.fits(run, value, given)
    return value


def _told(
    run: Run, routine: Routine, declared: nodes.Parameter, state: State
) -> Iterator[dict[str | int, Value]]:
    """The arguments of the calls in a parameter's declaration (`Query(pattern=…)`, `constr(…)`)."""
    inner = declared.annotation
    parts = (
        inner.index.items
        if isinstance(inner, nodes.Subscript) and isinstance(inner.index, nodes.Display)
        else ()
    )
    for one in (declared.default, inner, *parts):
        if isinstance(one, nodes.Call):
            plain = nodes.Parameter(declared.at, declared.name, declared.kind, None, one)
            yield validated.marked(routines.annotation(run, plain, routine, state), state)


def _spelled_out(run: Run, routine: Routine, declared: nodes.Parameter) -> nodes.Parameter:
    """The parameter with the declaration itself where its annotation is a name for `Annotated[…]`."""
    source, annotation = routine.module.source, declared.annotation
    if not isinstance(annotation, nodes.Name) or source is None:
        return declared
    run.project.touch(routine.module.path, annotation.name)
    for statement in source.tree.body:
        match statement:
            case nodes.Assign(targets=(nodes.Name(name=name),), value=nodes.Subscript() as meant):
                if name == annotation.name and _name(meant.value) == "Annotated":
                    return nodes.Parameter(declared.at, declared.name, declared.kind, declared.default, meant)
    return declared


def _parts(declared: nodes.Parameter) -> tuple[nodes.Expression | None, nodes.Call | None]:
    """The type of a parameter, and the call that says where it is filled from (`Annotated[str, Query()]`)."""
    inner = declared.annotation
    markers = [declared.default] if declared.default is not None else []
    if isinstance(inner, nodes.Subscript) and _name(inner.value) == "Annotated":
        parts = inner.index.items if isinstance(inner.index, nodes.Display) else (inner.index,)
        inner = parts[0] if parts else None
        markers.extend(parts[1:])
    calls = [one for one in markers if isinstance(one, nodes.Call)]
    known = [one for one in calls if _name(one.function) in MARKERS.keys() | INJECTED]
    return inner, known[0] if known else None


def _name(node: nodes.Expression) -> str:
    return getattr(node, "name", "")


def harmless(node: nodes.Expression) -> bool:
    """Whether every value of a type is harmless, as its annotation is written."""
    match node:
        case nodes.Constant():
            return node.value is None or (isinstance(node.value, str) and node.value in HARMLESS)
        case nodes.Subscript():
            name = _name(node.value)
            if name in WRAPPERS:
                parts = node.index.items if isinstance(node.index, nodes.Display) else (node.index,)
                return all(harmless(part) for part in parts)
            return name in HARMLESS
        case nodes.Binary():
            return harmless(node.left) and harmless(node.right)
    return _name(node) in HARMLESS


def _typed(
    run: Run, routine: Routine, declared: nodes.Parameter, inner: nodes.Expression, state: State
) -> Value:
    """An instance of the type a parameter is annotated with, or that it is a list of."""
    inner = routines.meant(inner)
    if isinstance(inner, nodes.Subscript) and _name(inner.value) in WRAPPERS:
        inner = inner.index
    plain = nodes.Parameter(declared.at, declared.name, declared.kind, None, inner)
    return routines.annotated(run, plain, routine, state)


def _injected(
    run: Run, routine: Routine, marker: nodes.Call, inner: nodes.Expression | None, route: str, state: State
) -> Value | None:
    """What a dependency gives: the function is called with parameters of its own, filled in the same way."""
    wanted = marker.arguments[0] if marker.arguments else inner
    if wanted is None:
        return None
    plain = nodes.Parameter(marker.at, "dependency", "plain", None, wanted)
    target = routines.annotation(run, plain, routine, state)
    found = target if isinstance(target, Routine) else attributes.lookup(target, "__init__", state)
    if not isinstance(found, Routine) or len(run.frames) > run.call_depth:
        return None
    given = {}
    for each in found.node.parameters[0 if found is target else 1 :]:
        if each.kind in {"star", "double"}:
            continue
        value = parameter(run, found, each, route, None, state)
        if value is not None:
            given[each.name] = value
    made = calls.call(run, target, [], given, state, marker.at)
    return sources.yielded(made, state)


def _instance(
    run: Run, made: Ref, kind: InputKind, declared: nodes.Parameter, state: State, depth: int = NESTED
) -> Value:
    """An instance of a class of the code base, its fields read from the request."""
    thing = state.thing(made.address)
    if not isinstance(thing, Instance):
        return unknown(path="enum")
    if enumerations.enumerates(thing.kind, state):
        return enumerations.anyone(run, thing.kind, state)
    fields = dict(_fields(run, thing.kind, state))
    if not fields or depth == 0:
        return sources.come_in(run, kind, declared.name, declared.at, state, "json")
    filled = {}
    for name, held in list(fields.items())[:FIELDS_LIMIT]:
        value = _field(run, name, held, kind, declared, state, depth)
        for mark in (attributes.lookup(thing.kind, name, state), *run.project.marks(thing.kind, name)):
            value = validated.fits(run, value, validated.marked(mark, state))
        filled[name] = validated.by_functions(run, thing.kind, name, value, state, declared.at)
    whole = run.new(Instance(thing.kind, filled), state)
    validated.whole(run, thing.kind, whole, state, declared.at)
    return whole


def _field(
    run: Run,
    name: str,
    held: Value | None,
    kind: InputKind,
    declared: nodes.Parameter,
    state: State,
    depth: int,
) -> Value:
    path = held.path.rpartition(".")[2] if isinstance(held, Outside) else ""
    if path in HARMLESS:
        return unknown(path="int")
    if isinstance(held, Ref) and state.holds(held.address):
        return _instance(run, held, kind, declared, state, depth - 1)
    return sources.come_in(run, kind, name, declared.at, state, "text" if path in TEXTS else "json")


def _fields(run: Run, kind: Value, state: State) -> Iterator[tuple[str, Value | None]]:
    """The declared fields of a class, with what is known of their types."""
    for one in reversed(attributes.lineage(kind, state)):
        thing = state.object_of(one)
        for name in thing.fields if isinstance(thing, ClassObject) else ():
            yield name, run.project.field(one, name)
