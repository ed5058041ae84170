"""Calls of code that is not read: sinks, sources, sanitisers, and what becomes of data in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import (
    constants,
    entries,
    later,
    natives,
    patternhints,
    sinks,
    sources,
    specials,
)
from stillwatch.codescan.engine.heap import Instance, State, changed, deep_taints, plain
from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.taints import CLEAN, Taints, cleaned, merged, weakened
from stillwatch.codescan.engine.values import (
    BUILT_IN,
    Choice,
    Constant,
    Native,
    Outside,
    Ref,
    Value,
    chosen,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.syntax import nodes

ABSORBING = frozenset({
    "append", "add", "write", "writelines", "update", "extend", "insert", "put", "push", "send", "setdefault", "set",
    "feed", "put_nowait", "appendleft", "set_data", "add_header",
})  # fmt: skip
DECODERS = frozenset({
    "base64.b64decode", "base64.urlsafe_b64decode", "base64.standard_b64decode", "base64.b32decode", "base64.b16decode",
    "base64.b85decode", "base64.a85decode", "binascii.a2b_base64", "binascii.unhexlify", "binascii.a2b_hex",
    "zlib.decompress", "gzip.decompress", "bz2.decompress", "lzma.decompress", "quopri.decodestring",
})  # fmt: skip
METHODS_OF = {kind.__name__: frozenset(dir(kind)) - frozenset({"fromhex", "fromkeys", "maketrans", "from_bytes"})
              for kind in (str, bytes, list, dict, set)}  # fmt: skip
ARGUMENTS_LIMIT = 12  # kept of one call


def call(
    run: Run,
    function: Outside,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
    rest: Value | None = None,
) -> Value:
    """Call something outside."""
    path = function.path
    receiver = function.receiver
    sinks.called(run, path, arguments, keywords, rest, receiver, state, at)
    if path in run.project.models.registers and run.following is None:
        entries.note(run, path, arguments, keywords, state, by_module=run.frames[0].routine is None)
    if path in run.project.models.raises:
        raise Thrown(Outside("Exception"))
    if isinstance(receiver, Outside) and receiver.receiver is BUILT_IN:
        unbound = _unbound(run, path, arguments, keywords, state, at)
        if unbound is not None:
            return unbound
    special = later.LATER if path in run.project.models.later else specials.SPECIAL.get(path)
    found = None if special is None else special(run, function, arguments, keywords, state, at)
    if found is not None:
        return found
    method = path.rpartition(".")[2]
    came = sources.called(run, path, receiver, arguments, state, at) or sources.taken(
        run, receiver, method, arguments, keywords, state, at
    )
    if came is not None:
        run.risks += 1
        return came
    known = _followed(run, path, arguments, state) or _evaluated(run, path, arguments, keywords, state)
    if known is not None:
        return known
    if isinstance(receiver, Ref):
        kept = sources.kept_by(run, receiver, method, arguments, state)
        if kept is not None:
            return kept
        if method in ABSORBING:
            sources.absorb(run, receiver, [*arguments, *keywords.values()], state)
    run.risks += 1
    return _result(run, function, [*arguments, *((rest,) if rest is not None else ())], keywords, state)


def _unbound(
    run: Run, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value], state: State, at: nodes.At
) -> Value | None:
    """`str.strip(text)`: a method of a built-in type, called as a function."""
    kind, _, name = path.partition(".")
    if kind not in METHODS_OF or not arguments or name not in METHODS_OF[kind]:
        return None
    return natives.call(run, Native(arguments[0], name), arguments[1:], keywords, state, at)


def _followed(run: Run, path: str, arguments: Sequence[Value], state: State) -> Value | None:
    """Note what the program asks of a payload; what a decoder gives of one."""
    if run.following is None or not arguments:
        return None
    first = arguments[0]
    if deep_taints(first, state):
        run.following.decoders.add(path.rpartition(".")[2])
    pattern = first.value if isinstance(first, Constant) and path.startswith("re.") else None
    for text in patternhints.ends(pattern) if isinstance(pattern, str | bytes) else ():
        run.following.compared(text)
    return _decoded(run, arguments) if path in DECODERS else None


def _decoded(run: Run, arguments: Sequence[Value]) -> Value | None:
    """What a decoder gives of an input: the payload, since who sends it can send a code of it."""
    first = arguments[0] if arguments else None
    if run.following is None or not isinstance(first, Constant) or not first.taints:
        return None
    if not run.following.whole(first.value):
        return None
    value = first.value.encode() if isinstance(first.value, str) else first.value
    return Constant(value, first.taints)


def _evaluated(
    run: Run, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value], state: State
) -> Value | None:
    """The result where the function only computes and all it is given is known."""
    function = constants.BUILTINS.get(path) or constants.pure(run.project.models.same_as.get(path, path))
    if function is None or not arguments:
        return None
    if any(isinstance(argument, Choice) for argument in arguments):
        return _of_options(run, path, arguments, keywords, state)
    try:
        given = [plain(argument, state) for argument in arguments]
        named = {name: plain(value, state) for name, value in keywords.items()}
        made = constants.call(function, given, named)
    except LookupError as error:
        if type(error) is LookupError:
            return None
        raise Thrown(Outside(type(error).__name__)) from None
    except Exception as error:  # noqa: BLE001 - whatever the function raises, the analysed program does
        raise Thrown(Outside(type(error).__name__)) from None
    taints = CLEAN
    for value in (*arguments, *keywords.values()):
        taints = merged(taints, deep_taints(value, state))
    rules = run.project.models.cleans.get(path)
    if rules is not None:
        taints = cleaned(taints, rules)
    return natives.frozen(run, made, state, taints)


def _of_options(
    run: Run, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value], state: State
) -> Value | None:
    """The result for a choice in the first argument, each option on its own."""
    first, *others = arguments
    if not isinstance(first, Choice) or any(isinstance(other, Choice) for other in others):
        return None
    found: list[Value] = []
    for option in first.options:
        try:
            value = _evaluated(run, path, [option, *others], keywords, state)
        except Thrown:
            run.risks += 1
            continue
        if value is None:
            value = _result(run, Outside(path), [option, *others], keywords, state)
        found.append(value)
    return chosen(found) if found else None


def _result(
    run: Run, function: Outside, arguments: Sequence[Value], keywords: Mapping[str, Value], state: State
) -> Value:
    library = run.project.models
    path = function.path
    taints = _handed_on(run, function, arguments, keywords, state)
    given = library.gives.get(f"{path}()")
    if given in {"str", "bytes", "int", "float", "bool"}:
        return unknown(CLEAN if given in {"int", "float", "bool"} else taints, given)
    rules = library.cleans.get(path)
    kept: tuple[tuple[str | int, Value], ...] = (*enumerate(arguments[:ARGUMENTS_LIMIT]), *keywords.items())
    if rules is not None:
        kept = tuple(
            (name, changed(value, state, lambda taints: cleaned(taints, rules))) for name, value in kept
        )
    name = path.rpartition(".")[2]
    made = name[:1].isupper() and (not name.isupper() or path in library.types)
    kind = given or (path if made else None)
    if kind is not None:
        return run.new(Instance(Outside(kind), {}, kept), state, taints)
    return Outside(f"{path}()", taints, function.receiver, kept)


def _handed_on(
    run: Run, function: Outside, arguments: Sequence[Value], keywords: Mapping[str, Value], state: State
) -> Taints:
    """Whose data the result of a call holds."""
    library = run.project.models
    path = function.path
    if library.has(library.drops, path):
        return CLEAN
    given: Taints = CLEAN
    for value in (*arguments, *keywords.values()):
        given = merged(given, deep_taints(value, state))
    rules = library.cleans.get(path)
    if rules is not None:
        return cleaned(given, rules)
    own = CLEAN if function.receiver is None else deep_taints(function.receiver, state)
    if library.has(library.passes, path):
        return merged(own, given)
    return merged(own, weakened(given))
