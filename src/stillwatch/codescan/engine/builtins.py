"""Functions of Python and its library whose meaning a table of data cannot say."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import attributes, calls, guards, names, operators, subscripts
from stillwatch.codescan.engine.dependence import ALL
from stillwatch.codescan.engine.heap import (
    ClassObject,
    DictObject,
    Instance,
    ListObject,
    State,
    deep_taints,
    item_of,
)
from stillwatch.codescan.engine.taints import CLEAN
from stillwatch.codescan.engine.values import (
    NONE,
    Bound,
    Constant,
    Loaded,
    Outside,
    Partial,
    Ref,
    Routine,
    Super,
    Tuple,
    Value,
    chosen,
    concatenated,
    joined,
    options,
    type_name,
    unknown,
)

if TYPE_CHECKING:
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

Arguments = Sequence[Value]
Keywords = Mapping[str, Value]
Special = Callable[["Run", Outside, Arguments, Keywords, State, "nodes.At"], Value | None]


def _isinstance(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    if len(arguments) != 2:
        return None
    found = {guards.instance_of(run, option, arguments[1], state) for option in options(arguments[0])}
    return Constant(found.pop()) if len(found) == 1 and None not in found else unknown(CLEAN, "bool")


def _getattr(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    if len(arguments) < 2:
        return None
    found: list[Value] = []
    for option in options(arguments[1]):
        if not isinstance(option, Constant) or not isinstance(option.value, str):
            found.extend(_any_attribute(run, arguments[0], state))
            continue
        value = attributes.read(run, arguments[0], option.value, state, at)
        unsure = isinstance(value, Outside) and value.path.startswith("?") and len(arguments) > 2
        found.append(joined(value, arguments[2]) if unsure else value)
    return chosen(found) if found else unknown(deep_taints(arguments[0], state))


def _any_attribute(run: Run, value: Value, state: State) -> list[Value]:
    """What an attribute of unknown name can be: of a module or class of the code base, its functions and classes."""
    held: Sequence[Value] = ()
    if isinstance(value, Loaded):
        run.project.ensure(value.module)
        run.project.touch(value.module.path, ALL)
        scope = None if value.module.scope is None else state.thing(value.module.scope)
        held = tuple(getattr(scope, "variables", {}).values())
    elif isinstance(value, Ref):
        thing = state.thing(value.address)
        kind = thing.kind if isinstance(thing, Instance) else value
        held = tuple(
            attributes.bound(run, one, value, kind, state, (0, 0, 0, 0)) if isinstance(one, Routine) else one
            for link in attributes.lineage(kind, state)
            if isinstance(link, Ref) and isinstance(cls := state.thing(link.address), ClassObject)
            for name, one in cls.attributes.items()
            if not name.startswith("__")
        )
    running = [frame.routine.node for frame in run.frames if frame.routine is not None]
    return [
        one
        for one in held
        if isinstance(one, Bound | Ref) or (isinstance(one, Routine) and one.node not in running)
    ] or [unknown(value.taints)]


def _setattr(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    if len(arguments) == 3 and isinstance(arguments[1], Constant) and isinstance(arguments[1].value, str):
        attributes.store(run, arguments[0], arguments[1].value, arguments[2], state, at)
    return NONE


def _hasattr(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    if len(arguments) == 2 and isinstance(arguments[1], Constant) and isinstance(arguments[0], Constant):
        return Constant(hasattr(arguments[0].value, str(arguments[1].value)))
    return unknown(CLEAN, "bool")


def _str(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    if not arguments:
        return Constant("")
    made = [
        Constant(
            str(option.value, "utf-8", "replace")
            if isinstance(option.value, bytes) and len(arguments) > 1
            else str(option.value),
            option.taints,
        )
        if isinstance(option, Constant)
        else operators.formatted(run, option, "", None, state)
        for option in options(arguments[0])
    ]
    return chosen(made)


def _collected(kind: str) -> Special:
    def collect(
        run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
    ) -> Value:
        if not arguments:
            return Tuple(()) if kind == "tuple" else run.new(ListObject(kind, ()), state)
        value = calls.iterated(run, arguments[0], state)
        items = names.known_items(value, state)
        if items is not None and kind == "tuple":
            return Tuple(tuple(items))
        if items is not None:
            return run.new(ListObject(kind, tuple(items)), state)
        run.risks += 1
        return run.new(ListObject(kind, None, item_of(value, state)), state)

    return collect


def _dict(
    run: Run, _function: Outside, arguments: Arguments, keywords: Keywords, state: State, _at: nodes.At
) -> Value:
    items: dict[object, Value] = {}
    rest: Value | None = None
    for argument in arguments:
        thing = state.object_of(argument)
        if isinstance(thing, DictObject):
            items, rest = dict(thing.items), thing.rest
            continue
        pairs = names.known_items(argument, state)
        for pair in pairs if pairs is not None else ():
            both = names.known_items(pair, state)
            if both is not None and len(both) == 2 and isinstance(both[0], Constant):
                items[(both[0].value,)] = both[1]
            else:
                rest = unknown(deep_taints(pair, state))
        if pairs is None:
            rest = unknown(deep_taints(argument, state))
    items.update({(name,): value for name, value in keywords.items()})
    return run.new(DictObject(items, rest), state)


def _number(kind: str) -> Special:
    def number(
        run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
    ) -> Value | None:
        del state
        if any(not isinstance(argument, Constant) for argument in arguments):
            run.risks += 1
            return unknown(CLEAN, kind)
        return None

    return number


def _length(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    items = names.known_items(arguments[0], state) if len(arguments) == 1 else None
    return unknown(CLEAN, "int") if items is None else Constant(len(items))


def mapped(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    if len(arguments) != 2:
        return None
    items = names.known_items(arguments[1], state)
    if items is not None and len(items) <= run.loop_limit:
        made = tuple(calls.call(run, arguments[0], [item], {}, state, at) for item in items)
        return run.new(ListObject("list", made), state)
    each = calls.call(run, arguments[0], [item_of(arguments[1], state)], {}, state, at)
    return run.new(ListObject("list", None, each), state)


def _filter(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    if len(arguments) != 2:
        return None
    items = names.known_items(arguments[1], state)
    if items is None or len(items) > run.loop_limit:
        return run.new(ListObject("list", None, item_of(arguments[1], state)), state)
    kept: list[Value] = []
    sure = True
    for item in items:
        by_itself = isinstance(arguments[0], Constant)
        found = operators.truth(
            item if by_itself else calls.call(run, arguments[0], [item], {}, state, at), state
        )
        sure = sure and found is not None
        kept.extend((item,) if found is not False else ())
    return run.new(ListObject("list", tuple(kept) if sure else None, None if sure else chosen(kept)), state)


def _zip(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value:
    columns = [names.known_items(argument, state) for argument in arguments]
    if all(column is not None for column in columns):
        rows = zip(*(column for column in columns if column is not None), strict=False)
        return run.new(ListObject("list", tuple(Tuple(tuple(row)) for row in rows)), state)
    return run.new(
        ListObject("list", None, Tuple(tuple(item_of(argument, state) for argument in arguments))), state
    )


def _enumerate(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    if not arguments:
        return None
    items = names.known_items(arguments[0], state)
    if items is not None:
        pairs = tuple(Tuple((Constant(place), item)) for place, item in enumerate(items))
        return run.new(ListObject("list", pairs), state)
    return run.new(
        ListObject("list", None, Tuple((unknown(CLEAN, "int"), item_of(arguments[0], state)))), state
    )


def _same_items(
    run: Run, _function: Outside, arguments: Arguments, keywords: Keywords, state: State, _at: nodes.At
) -> Value | None:
    """`sorted`, `reversed`: the same items, in an order that is known only of what is known."""
    if not arguments:
        return None
    items = names.known_items(arguments[0], state)
    if items is not None and _function.path == "reversed":
        return run.new(ListObject("list", tuple(items[::-1])), state)
    if items is not None and not keywords and all(isinstance(item, Constant) for item in items):
        return None
    return run.new(ListObject("list", None, item_of(arguments[0], state)), state)


def _next(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    if not arguments:
        return None
    thing = state.object_of(arguments[0])
    if isinstance(thing, ListObject):
        if thing.items == ():
            return arguments[1] if len(arguments) > 1 else None
        found = calls.method(run, arguments[0], "__next__", [], state, at)
        return joined(found, arguments[1]) if thing.items is None and len(arguments) > 1 else found
    return None


def _iter(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    items = names.known_items(arguments[0], state) if len(arguments) == 1 else None
    if items is not None:
        return run.new(ListObject("generator", tuple(items)), state)
    return arguments[0] if arguments else None


def _type(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    if len(arguments) != 1:
        return None
    thing = state.object_of(arguments[0])
    if isinstance(thing, Instance):
        return thing.kind
    name = type_name(arguments[0])
    return Outside(name) if name != "?" else None


def _super(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, _state: State, _at: nodes.At
) -> Value | None:
    if len(arguments) == 2 and isinstance(arguments[0], Ref):
        return Super(arguments[0].address, arguments[1])
    return None


def _partial(
    run: Run, _function: Outside, arguments: Arguments, keywords: Keywords, _state: State, _at: nodes.At
) -> Value | None:
    return Partial(arguments[0], tuple(arguments[1:]), tuple(keywords.items())) if arguments else None


def _import_module(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, _state: State, _at: nodes.At
) -> Value | None:
    if arguments and isinstance(arguments[0], Constant) and isinstance(arguments[0].value, str):
        module = run.project.imported(arguments[0].value.lstrip("."), run.module)
        return Outside(arguments[0].value) if module is None else Loaded(module)
    return None


def _first(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    """Functions that give back what they are given: `copy.copy`, `typing.cast` and the like by name."""
    place = 1 if _function.path == "typing.cast" else 0
    value = arguments[place] if len(arguments) > place else None
    thing = state.object_of(value)
    if _function.path.startswith("copy.") and isinstance(thing, Instance) and value is not None:
        name = f"__{_function.path.removeprefix('copy.')}__"
        found = attributes.lookup(thing.kind, name, state)
        if isinstance(found, Routine):
            return calls.call(run, found, [value, *arguments[1:]], {}, state, at)
    return value


def _counted(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value:
    """A mapping that fills itself in: what was not stored is not known."""
    del arguments
    return run.new(DictObject({}), state)


def _default_dict(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value:
    del at
    made = run.new(DictObject({}), state)
    if arguments:
        run.factories[made.address] = arguments[0]
        return made
    return run.new(DictObject({}, unknown()), state)


def _queue(kind: str) -> Special:
    return lambda run, _f, _a, _k, state, _at: run.new(ListObject(kind, ()), state)


def _chain(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, _at: nodes.At
) -> Value | None:
    items: dict[object, Value] = {}
    for argument in reversed(arguments):
        thing = state.object_of(argument)
        if not isinstance(thing, DictObject) or thing.rest is not None or thing.maybe:
            return None
        items.update(thing.items)
    return run.new(DictObject(items), state)


def _reduce(
    run: Run, _function: Outside, arguments: Arguments, _k: Keywords, state: State, at: nodes.At
) -> Value | None:
    items = names.known_items(arguments[1], state) if len(arguments) > 1 else None
    if items is None or len(items) > run.loop_limit:
        return None
    waiting = [*arguments[2:3], *items]
    if not waiting:
        return None
    value = waiting[0]
    for item in waiting[1:]:
        value = calls.call(run, arguments[0], [value, item], {}, state, at)
    return value


def _substituted(
    run: Run, function: Outside, arguments: Arguments, keywords: Keywords, state: State, _at: nodes.At
) -> Value | None:
    """`string.Template`: the template with what is given for its names."""
    thing = state.object_of(function.receiver)
    template = dict(thing.arguments).get(0) if isinstance(thing, Instance) else None
    if not isinstance(template, Constant) or not isinstance(template.value, str):
        return None
    given = dict(keywords)
    mapping = state.thing(arguments[0].address) if arguments and isinstance(arguments[0], Ref) else None
    if isinstance(mapping, DictObject):
        given = {str(key[0]): value for key, value in mapping.items.items() if isinstance(key, tuple)} | given
    elif arguments:
        return None
    parts: list[Value] = []
    end = 0
    for found in string.Template.pattern.finditer(template.value):
        name = found.group("named") or found.group("braced")
        parts.append(Constant(template.value[end : found.start()]))
        parts.append(Constant("$") if name is None else given.get(name, unknown()))
        end = found.end()
    parts.append(Constant(template.value[end:]))
    return concatenated(parts)


SPECIAL: dict[str, Special] = {
    "isinstance": _isinstance,
    "getattr": _getattr,
    "setattr": _setattr,
    "hasattr": _hasattr,
    "str": _str,
    "list": _collected("list"),
    "set": _collected("set"),
    "frozenset": _collected("set"),
    "tuple": _collected("tuple"),
    "collections.deque": _collected("deque"),
    "queue.Queue": _queue("deque"),
    "queue.SimpleQueue": _queue("deque"),
    "queue.LifoQueue": _queue("stack"),
    "asyncio.Queue": _queue("deque"),
    "collections.ChainMap": _chain,
    "functools.reduce": _reduce,
    "operator.getitem": lambda run, _f, arguments, _k, state, at: (
        subscripts.read(run, arguments[0], arguments[1], state, at) if len(arguments) == 2 else None
    ),
    "string.Template.substitute": _substituted,
    "string.Template.safe_substitute": _substituted,
    "dict": _dict,
    "collections.OrderedDict": _dict,
    "types.SimpleNamespace": lambda run, _f, _a, keywords, state, _at: run.new(
        Instance(Outside("types.SimpleNamespace"), dict(keywords)), state
    ),
    "collections.Counter": _counted,
    "collections.defaultdict": _default_dict,
    "int": _number("int"),
    "float": _number("float"),
    "bool": _number("bool"),
    "abs": _number("int"),
    "round": _number("int"),
    "len": _length,
    "map": mapped,
    "filter": _filter,
    "zip": _zip,
    "enumerate": _enumerate,
    "sorted": _same_items,
    "reversed": _same_items,
    "next": _next,
    "iter": _iter,
    "type": _type,
    "super": _super,
    "type.__new__": lambda run, _f, _a, _k, _state, _at: run.making[-1] if run.making else None,
    "functools.partial": _partial,
    "importlib.import_module": _import_module,
    "__import__": _import_module,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "typing.cast": _first,
    "asyncio.run": _first,
    "asyncio.create_task": _first,
    "asyncio.wait_for": _first,
}
