"""Where others' data comes in, and what things outside keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan.engine import sinks
from stillwatch.codescan.engine.heap import DictObject, Instance, ListObject, State, deep_taints, item_of
from stillwatch.codescan.engine.taints import CLEAN, Hop, Taint, Taints, merged
from stillwatch.codescan.engine.values import (
    NONE,
    Constant,
    Outside,
    Ref,
    Tuple,
    Value,
    chosen,
    joined,
    unknown,
    with_taints,
)
from stillwatch.codescan.finding import Input, InputKind, Location
from stillwatch.codescan.models import Shape, SourceModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

TEXTS = frozenset({"getlist", "get_all", "getall", "getone_list"})
KEYED = frozenset(
    {"get", "getlist", "get_all", "getall", "getone", "pop", "__getitem__", "getfirst", "setdefault"}
)
READ: dict[str, Shape] = {
    "read": "any",
    "readline": "any",
    "readlines": "texts",
    "read1": "any",
    "getvalue": "any",
}
WHOLE = frozenset({"keys", "values", "items", "lists", "listvalues", "to_dict", "dict", "copy", "__iter__"})


def input_of(run: Run, model: SourceModel, key: str | None, at: nodes.At) -> tuple[Input, Taints]:
    """An input met at a place of the code that is running, and the taints of what comes in by it."""
    path = run.module.path
    found = Input(model.kind, key, Location(path, *at))
    named = f" {key!r}" if key else ""
    return found, {
        found: Taint(found, frozenset(), model.weak, Hop(path, at, f"{model.kind}{named} comes in", None, 1))
    }


def attribute(run: Run, value: Outside, at: nodes.At, state: State) -> Value:
    """An attribute of something outside that was read: data of others, if a model says so."""
    library = run.project.models
    if run.following is not None and value.path in library.values:
        return Constant(library.values[value.path])
    model = library.source(value.path)
    if model is None:
        given = library.given(value.path)
        return value if given is None else Outside(given, value.taints, value.receiver)
    if model.routed and run.entry is not None and run.entry.route and "<" not in run.entry.route:
        return Outside("str")
    source, taints = input_of(run, model, None, at)
    if model.shape in {"mapping", "file"}:
        return Outside(value.path, merged(value.taints, taints), value.receiver)
    return _come_in(run, source, taints, model.shape, state)


def come_in(run: Run, kind: InputKind, key: str, at: nodes.At, state: State, shape: Shape = "text") -> Value:
    """What a framework reads from a request for a parameter of a handler."""
    return _come_in(run, *input_of(run, SourceModel(kind, shape), key, at), shape, state)


def _come_in(run: Run, source: Input, taints: Taints, shape: Shape, state: State) -> Value:
    """What stands where data comes in: the payload where one is followed, else the shape of it."""
    payload = None if run.following is None else run.following.payload_for(source)
    if payload is not None and shape in {"text", "any"}:
        return Constant(payload, taints)
    if shape == "texts":
        one = unknown(taints, "str") if payload is None else Constant(payload, taints)
        return _texts(run, one, state, known=False)
    if payload is not None and shape == "bytes":
        return Constant(payload.encode(), taints)
    if payload is not None and shape == "json":
        return any_document(run, Constant(payload, taints), state)
    return unknown(taints, {"text": "str", "bytes": "bytes"}.get(shape, "?"))


def any_document(run: Run, value: Value, state: State) -> Value:
    """A document that holds a value wherever the program looks for it: itself, under any key, in a list, at any depth."""
    held = run.new(DictObject({}), state, value.taints)
    listed = run.new(ListObject("list", ()), state)
    document = chosen([value, held, listed])
    state.put(held.address, DictObject({}, document))
    state.put(listed.address, ListObject("list", (document,)))
    return document


def yielded(value: Value, state: State) -> Value:
    """What a dependency gives that is a generator: what it yields."""
    thing = state.object_of(value)
    return item_of(value, state) if isinstance(thing, ListObject) and thing.kind == "generator" else value


def called(
    run: Run, path: str, receiver: Value | None, arguments: Sequence[Value], state: State, at: nodes.At
) -> Value | None:
    """The result of a function by which data comes in; None if no model says it is one."""
    model = run.project.models.sources.get(f"{path}()") or _read_from(run, path)
    if model is None:
        return None
    if model.carried:
        return _carried(run, model, [*arguments, *((receiver,) if receiver is not None else ())], state)
    key = _known(arguments[0]) if arguments else None
    source, taints = input_of(run, model, key, at)
    if model.shape == "mapping":
        return Outside(f"{path}()", taints, receiver)
    return _come_in(run, source, taints, model.shape, state)


def _carried(run: Run, model: SourceModel, values: Sequence[Value], state: State) -> Value | None:
    """What is unpacked from something: others' data if that is."""
    taints: Taints = CLEAN
    for value in values:
        taints = merged(taints, deep_taints(value, state))
    source = next(iter(taints), None)
    if source is None:
        return None
    run.risks += 1
    if run.following is not None:
        source = next((one for one in taints if run.following.payload_for(one) is not None), source)
    return _come_in(run, source, taints, model.shape, state)


def _read_from(run: Run, path: str) -> SourceModel | None:
    """What a method of an open file gives of which all that is in it is others' data."""
    head, _, method = path.rpartition(".")
    shape = READ.get(method)
    held = None if shape is None else run.project.models.sources.get(head)
    if shape is None or held is None or held.shape != "file":
        return None
    return SourceModel(held.kind, shape)


def _known(value: Value) -> str | None:
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


def taken(
    run: Run,
    receiver: Value | None,
    method: str,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
) -> Value | None:
    """What a method of a mapping of inputs gives; None if the receiver is none."""
    if not isinstance(receiver, Outside):
        return None
    model = run.project.models.sources.get(receiver.path)
    if model is None or model.shape != "mapping" or method not in KEYED | WHOLE:
        return None
    named = [keywords[name] for name in ("key", "name") if name in keywords]
    first = next(iter((*arguments, *named)), None)
    key = _known(first) if first is not None and method in KEYED else None
    from stillwatch.codescan.engine import formfields  # noqa: PLC0415 - fields are read as attributes, and these come in here

    field = None if key is None else formfields.declared(receiver.receiver, key, state)
    if formfields.kind(field, state) in formfields.HARMLESS:
        return unknown(path="int")
    if formfields.kind(field, state) in formfields.FREE:
        model = msgspec.structs.replace(model, weak=False)
    source, taints = input_of(run, model, key, at)
    one = Outside(model.of, taints) if model.of else _come_in(run, source, taints, "text", state)
    one = formfields.let_through(run, one, field, state)
    if key is not None:
        one = formfields.cleaned(run, receiver.receiver, key, one, state, at)
    if method in TEXTS or method in {"keys", "values", "__iter__"}:
        return _texts(run, one, state, known=method in TEXTS)
    if method in {"items", "lists", "listvalues"}:
        name = joined(_come_in(run, source, taints, "text", state), unknown(taints, "str"))
        return _texts(run, Tuple((name, one), taints), state, known=False)
    if method in WHOLE:
        return receiver
    default = arguments[1] if len(arguments) > 1 else keywords.get("default", NONE)
    if (
        "type" in keywords
        and isinstance(keywords["type"], Outside)
        and keywords["type"].path in {"int", "float", "bool"}
    ):
        return unknown(CLEAN, keywords["type"].path)
    return one if isinstance(one, Constant) or method == "__getitem__" else joined(one, default)


def _texts(run: Run, one: Value, state: State, *, known: bool) -> Value:
    if isinstance(one, Constant) or (known and run.following is not None):
        return run.new(ListObject("list", (one,)), state)
    return run.new(ListObject("list", None, one), state, one.taints)


def item(run: Run, value: Outside, index: Value, state: State, at: nodes.At) -> Value:
    """`value[index]` of something outside."""
    found = taken(run, value, "__getitem__", [index], {}, state, at)
    if found is not None:
        run.risks += 1
        return found
    if isinstance(value.receiver, Ref):
        kept = kept_by(run, value.receiver, "__getitem__", [index], state)
        if kept is not None:
            return kept
    run.risks += 1
    sinks.called(run, f"{value.path}[]", [index], {}, None, value, state, at)
    model = run.project.models.sources.get(f"{value.path}[]")
    if model is not None:
        source, taints = input_of(run, model, _known(index), at)
        return _come_in(run, source, taints, model.shape, state)
    return Outside(
        run.project.models.gives.get(f"{value.path}[]", f"{value.path}[]" if value.path != "?" else "?"),
        value.taints,
        value,
    )


def stored(run: Run, path: str, receiver: Value, values: Sequence[Value], state: State, at: nodes.At) -> None:
    """Something was stored in a thing outside: an attribute, or an item."""
    sinks.stored(run, path, receiver, values, state, at)


def note_header(headers: Outside, index: Value, value: Value, state: State) -> None:
    """A header of an answer that is known was set: its type decides how it is read."""
    answer = headers.receiver
    thing = state.object_of(answer)
    name = _known(index)
    if isinstance(answer, Ref) and isinstance(thing, Instance) and name and headers.path.endswith("headers"):
        held = {**thing.attributes, f"header {name.lower()}": value}
        state.put(answer.address, Instance(thing.kind, held, thing.arguments, thing.absorbed))


def absorb(run: Run, receiver: Value, values: Sequence[Value], state: State) -> None:
    """An object outside was given data that it may hand out again."""
    del run
    if not isinstance(receiver, Ref):
        return
    thing = state.thing(receiver.address)
    if isinstance(thing, Instance):
        taints = thing.absorbed
        for value in values:
            taints = merged(taints, deep_taints(value, state))
        if taints is not thing.absorbed:
            state.put(receiver.address, Instance(thing.kind, thing.attributes, thing.arguments, taints))


def kept_by(run: Run, receiver: Ref, method: str, arguments: Sequence[Value], state: State) -> Value | None:
    """Write to, or read from, an object outside that keeps values by key; None where it does not, or not surely."""
    thing = state.thing(receiver.address)
    if not isinstance(thing, Instance) or not isinstance(thing.kind, Outside):
        return None
    model = run.project.models.stores.get(thing.kind.path)
    if model is None:
        return None
    places = model.write.get(method)
    if places is not None and len(arguments) > max(places):
        *keys, value = (arguments[place] for place in places)
        name = _key(keys)
        if name is None:
            return None
        attributes = {**thing.attributes, name: value}
        state.put(receiver.address, Instance(thing.kind, attributes, thing.arguments, thing.absorbed))
        return NONE
    places = model.read.get(method)
    if places is not None and len(arguments) > max(places, default=-1):
        name = _key([arguments[place] for place in places])
        if name is not None and name in thing.attributes:
            return with_taints(thing.attributes[name], receiver.taints)
    return None


def _key(values: Sequence[Value]) -> str | None:
    """The name under which a value is kept: the parts of its key, as the object would compare them."""
    if not all(isinstance(value, Constant) for value in values):
        return None
    return "[]" + repr(tuple(value.value for value in values if isinstance(value, Constant)))
