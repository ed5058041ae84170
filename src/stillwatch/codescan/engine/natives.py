"""Methods of Python's own types: text, lists, sets, mappings, tuples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import constants, generators, listed, mapped, names, patternhints, sinks
from stillwatch.codescan.engine.heap import (
    DictObject,
    ListObject,
    State,
    deep_taints,
    plain,
)
from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.taints import CLEAN, Taints, merged
from stillwatch.codescan.engine.values import (
    Choice,
    Constant,
    Native,
    Outside,
    Ref,
    Text,
    Tuple,
    Value,
    concatenated,
    unknown,
)

if TYPE_CHECKING:
    from stillwatch.codescan.syntax import nodes

Arguments = Sequence[Value]
Keywords = Mapping[str, Value]
NOT_TEXT = {
    "isalnum": "bool", "isalpha": "bool", "isdigit": "bool", "isdecimal": "bool", "isidentifier": "bool",
    "isnumeric": "bool", "isspace": "bool", "isupper": "bool", "islower": "bool", "startswith": "bool",
    "endswith": "bool", "find": "int", "rfind": "int", "index": "int", "rindex": "int", "count": "int",
    "isascii": "bool", "istitle": "bool", "isprintable": "bool",
}  # fmt: skip
SEARCHES = frozenset(
    {"find", "index", "startswith", "endswith", "split", "partition", "removeprefix", "rfind", "rsplit"}
)
CUTS = frozenset({"partition", "rpartition"})
PLAIN_CODES = frozenset({"utf-8", "utf8", "ascii", "latin-1", "iso-8859-1", "utf-8-sig"})
LISTS_OF_TEXT = frozenset({"split", "rsplit", "splitlines"})
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}!:]*)(?:![rsa])?(?::[^{}]*)?\}")
_PART = re.compile(r"\.(\w+)|\[([^\]]*)\]")


def frozen(run: Run, value: object, state: State, taints: Taints) -> Value:
    """A Python value as a value of the analysis; lists and mappings become new objects."""
    if isinstance(value, list | set):
        items = tuple(frozen(run, item, state, taints) for item in value)
        return run.new(ListObject("set" if isinstance(value, set) else "list", items), state)
    if isinstance(value, dict):
        held: dict[object, Value] = {(key,): frozen(run, item, state, taints) for key, item in value.items()}
        return run.new(DictObject(held), state)
    if type(value) is tuple:
        return Tuple(tuple(frozen(run, item, state, taints) for item in value), taints)
    return Constant(value, taints)


def call(
    run: Run, function: Native, arguments: Arguments, keywords: Keywords, state: State, at: nodes.At
) -> Value:
    """Call a method of a built-in type."""
    receiver = function.receiver
    if isinstance(receiver, Choice):
        return run.one_of(
            partial(call, run, Native(option, function.name), arguments, keywords, state, at)
            for option in receiver.options
        )
    if isinstance(receiver, Constant) and isinstance(receiver.value, re.Pattern):
        path = f"re.Pattern.{function.name}"
        sinks.called(run, path, arguments, keywords, None, receiver, state, at)
    known = _known(run, receiver, function.name, arguments, keywords, state)
    if known is None and isinstance(receiver, Constant) and isinstance(receiver.value, PurePath):
        kind = run.project.models.gives.get(f"pathlib.Path.{function.name}()", "?")
        return unknown(_all(receiver, arguments, state), kind)
    if known is not None:
        return known
    if isinstance(receiver, Ref):
        thing = state.thing(receiver.address)
        if isinstance(thing, ListObject):
            sent = generators.send(run, receiver, arguments, state) if function.name == "send" else None
            if sent is not None:
                return sent
            method = listed.LISTS.get(function.name)
            if method is not None:
                return method(run, receiver, thing, arguments, state)
        elif isinstance(thing, DictObject):
            found = mapped.DICTS.get(function.name)
            if found is not None:
                return found(run, receiver, thing, arguments, keywords, state)
        return unknown(_all(receiver, arguments, state))
    return _of_text(run, receiver, function.name, arguments, keywords, state)


def _all(receiver: Value, arguments: Arguments, state: State) -> Taints:
    taints = deep_taints(receiver, state)
    for argument in arguments:
        taints = merged(taints, deep_taints(argument, state))
    return taints


def _known(
    run: Run, receiver: Value, name: str, arguments: Arguments, keywords: Keywords, state: State
) -> Value | None:
    """The result where everything is known and the method only computes."""
    if not isinstance(receiver, Constant) or any(isinstance(one, Choice) for one in arguments):
        return None
    if run.following is not None and receiver.taints and name in SEARCHES:
        for argument in arguments:
            run.following.compared(argument.value if isinstance(argument, Constant) else None)
    if run.following is not None and name in CUTS and receiver.taints and isinstance(receiver.value, str):
        for argument in arguments[:1]:
            wanted = argument.value if isinstance(argument, Constant) else None
            if isinstance(wanted, str) and wanted not in receiver.value:
                run.following.missing(wanted)
    if run.following is not None and isinstance(receiver.value, re.Pattern):
        for text in patternhints.ends(receiver.value.pattern, receiver.value.flags & ~re.DEBUG):
            run.following.compared(text)
    try:
        given = [plain(argument, state) for argument in arguments]
        named = {key: plain(value, state) for key, value in keywords.items()}
        made = constants.method(receiver.value, name, given, named)
    except LookupError as error:
        if type(error) is LookupError:
            return None
        raise Thrown(Outside(type(error).__name__)) from None
    except Exception as error:  # noqa: BLE001 - whatever the method raises, the analysed program does
        raise Thrown(Outside(type(error).__name__)) from None
    return frozen(run, made, state, _all(receiver, arguments, state))


def _of_text(
    run: Run, receiver: Value, name: str, arguments: Arguments, keywords: Keywords, state: State
) -> Value:
    if name in NOT_TEXT:
        return unknown(CLEAN, NOT_TEXT[name])
    taints = _all(receiver, arguments, state)
    if name == "join" and arguments:
        return _join(receiver, arguments[0], state)
    if name == "format":
        return _format(receiver, arguments, keywords, state)
    if name == "format_map" and arguments:
        return unknown(taints, "str")
    if name == "split" and isinstance(receiver, Text) and len(arguments) == 1:
        parts = _split(receiver, arguments[0])
        if parts is not None:
            return run.new(ListObject("list", parts), state)
    if name in LISTS_OF_TEXT:
        return run.new(ListObject("list", None, unknown(taints, "str")), state)
    if name in {"partition", "rpartition"}:
        return Tuple((unknown(taints, "str"),) * 3, taints)
    if name in {"encode", "decode"}:
        return _recoded(receiver, name, arguments)
    if name == "replace" and isinstance(receiver, Text) and len(arguments) > 1:
        return _replaced(receiver, arguments, state)
    return unknown(taints, "str") if name in dir(str) else run.risky(taints)


def _split(receiver: Text, separator: Value) -> tuple[Value, ...] | None:
    """Text cut at a separator that stands in what is known of it; what is not known is taken to hold none."""
    if not isinstance(separator, Constant) or not isinstance(separator.value, str) or not separator.value:
        return None
    parts: list[list[Value]] = [[]]
    for piece in receiver.pieces:
        if isinstance(piece, bytes):
            return None
        if isinstance(piece, Value):
            parts[-1].append(piece)
            continue
        first, *others = piece.split(separator.value)
        parts[-1].append(Constant(first))
        parts.extend([Constant(other)] for other in others)
    return tuple(concatenated(part) for part in parts) if len(parts) > 1 else None


def _recoded(receiver: Value, name: str, arguments: Arguments) -> Value:
    """Text as bytes and back: what stands in it stays where it is, in the codes that change no letters."""
    codec = arguments[0].value if arguments and isinstance(arguments[0], Constant) else "utf-8"
    other = str(codec).lower().replace("_", "-") not in PLAIN_CODES
    if other and isinstance(receiver, Text) and all(_is_known(piece) for piece in receiver.pieces):
        known = concatenated(
            [piece if isinstance(piece, Value) else Constant(piece) for piece in receiver.pieces]
        )
        if isinstance(known, Constant) and isinstance(known.value, str | bytes):
            try:
                return Constant(getattr(known.value, name)(str(codec)), receiver.taints)
            except (UnicodeError, LookupError, AttributeError):
                pass
    if other or not isinstance(receiver, Text):
        return unknown(receiver.taints, "bytes" if name == "encode" else "str")
    pieces: list[str | bytes | Value] = []
    for piece in receiver.pieces:
        if isinstance(piece, str) and name == "encode":
            pieces.append(piece.encode("utf-8", "replace"))
        elif isinstance(piece, bytes) and name == "decode":
            pieces.append(piece.decode("utf-8", "replace"))
        else:
            pieces.append(piece)
    return Text(tuple(pieces), receiver.taints)


def _is_known(piece: str | bytes | Value) -> bool:
    return not isinstance(piece, Value) or isinstance(piece, Constant)


def _replaced(receiver: Text, arguments: Arguments, state: State) -> Value:
    old, new = arguments[0], arguments[1]
    if not isinstance(old, Constant) or not isinstance(old.value, str):
        return unknown(_all(receiver, arguments, state), "str")
    made: list[Value] = []
    for piece in receiver.pieces:
        if isinstance(piece, str):
            first, *others = piece.split(old.value) if old.value else [piece]
            made.append(Constant(first))
            for other in others:
                made.extend((new, Constant(other)))
        elif isinstance(piece, Value):
            made.append(unknown(piece.taints, "str"))
    return concatenated(made, receiver.taints)


def _join(separator: Value, iterable: Value, state: State) -> Value:
    items = names.known_items(iterable, state)
    if items is None:
        return unknown(merged(separator.taints, deep_taints(iterable, state)), "str")
    parts: list[Value] = []
    for place, item in enumerate(items):
        parts.extend((separator, item) if place else (item,))
    return concatenated(parts or [Constant("")])


def _format(receiver: Value, arguments: Arguments, keywords: Keywords, state: State) -> Value:
    if not isinstance(receiver, Constant) or not isinstance(receiver.value, str):
        taints = _all(receiver, [*arguments, *keywords.values()], state)
        return unknown(taints, "str")
    parts: list[Value] = []
    end = automatic = 0
    for found in _FIELD.finditer(receiver.value):
        parts.append(Constant(receiver.value[end : found.start()]))
        end = found.end()
        name = found.group(1)
        if name is None:
            parts.append(Constant(found.group(0)[0]))
            continue
        head = re.split(r"[.\[]", name, maxsplit=1)[0]
        if not head:
            head, automatic = str(automatic), automatic + 1
        place = int(head) if head.isdigit() else None
        given = (
            keywords.get(head) if place is None else (arguments[place] if place < len(arguments) else None)
        )
        parts.append(
            _part(given or unknown(), name[len(found.group(1).split(".")[0].split("[")[0]) :], state)
        )
    parts.append(Constant(receiver.value[end:]))
    return concatenated(
        [part if not isinstance(part, Ref) else unknown(deep_taints(part, state)) for part in parts]
    )


def _part(value: Value, path: str, state: State) -> Value:
    for found in _PART.finditer(path):
        thing = state.object_of(value)
        key = found.group(2)
        if isinstance(thing, DictObject) and key is not None:
            value = (
                thing.items.get((key,))
                or thing.items.get((int(key),) if key.isdigit() else ())
                or thing.rest
                or unknown()
            )
        elif isinstance(thing, ListObject) and thing.items is not None and key is not None and key.isdigit():
            value = thing.items[int(key)] if int(key) < len(thing.items) else unknown()
        elif thing is not None and found.group(1) and found.group(1) in getattr(thing, "attributes", {}):
            value = thing.attributes[found.group(1)]  # type: ignore[union-attr]  # only instances have attributes
        else:
            value = unknown(deep_taints(value, state))
    return value
