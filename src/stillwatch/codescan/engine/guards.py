"""Conditions: which branch can be taken, and what is known inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import names, operators
from stillwatch.codescan.engine.constants import BUILTINS
from stillwatch.codescan.engine.heap import DictObject, ListObject, State, changed, deep_taints, joined_states
from stillwatch.codescan.engine.run import CAREFUL, Run, Thrown, evaluate, scope_of
from stillwatch.codescan.engine.taints import CLEAN, EVERYTHING, SIGNED, Taints, cleaned
from stillwatch.codescan.engine.values import (
    Choice,
    Constant,
    Outside,
    Ref,
    Text,
    Tuple,
    Value,
    chosen,
    options,
    replaced,
    type_name,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

Branch = Callable[[State], Value]
TRIALS = 4  # options of a variable a test is tried with, one by one
ALLOWED = frozenset({EVERYTHING})
MAPPINGS = frozenset({"dict", "collections.abc.Mapping", "collections.abc.MutableMapping", "typing.Mapping"})
NARROWED = frozenset({"str", "bytes", "int", "float", "bool"})
COMPARISONS_OF_DIGESTS = frozenset({"hmac.compare_digest", "secrets.compare_digest"})


def either(run: Run, test: nodes.Expression, state: State, yes: Branch, no: Branch) -> Value:
    """The value of one of two expressions by a test; the state becomes that after what was evaluated."""
    known = operators.truth(evaluate(run, test, state), state)
    if known is not None:
        return yes(state) if known else no(state)
    run.frame.undecided = True
    found: list[tuple[Value, State]] = []
    for truthy, branch in ((True, yes), (False, no)):
        other = state.copy()
        assume(run, test, other, truthy=truthy)
        try:
            found.append((branch(other), other))
        except Thrown as thrown:
            run.frame.raises.append((thrown.value, other))
    if not found:
        raise Thrown(Outside("Exception"))
    whole = joined_states(taken for _, taken in found)
    assert whole is not None
    state.become(whole)
    return chosen(value for value, _ in found)


def branches(run: Run, test: nodes.Expression, state: State) -> tuple[State | None, State | None]:
    """The states in which a test holds and does not; None where that cannot be."""
    known = operators.truth(evaluate(run, test, state), state)
    if known is not None:
        return (state, None) if known else (None, state)
    run.frame.undecided = True
    held, failed = state, state.copy()
    assume(run, test, failed, truthy=False)
    assume(run, test, held, truthy=True)
    return held, failed


def assume(run: Run, test: nodes.Expression, state: State, *, truthy: bool) -> None:
    """Make known in a state what follows from a test that came out as `truthy`."""
    if isinstance(test, nodes.Compare | nodes.Call) and run.steps < CAREFUL:
        _keep_by_trial(run, test, state, truthy=truthy)
    match test:
        case nodes.Unary() if test.operator == "not":
            assume(run, test.value, state, truthy=not truthy)
        case nodes.Boolean():
            if (test.operator == "and") == truthy:
                assume(run, test.left, state, truthy=truthy)
                assume(run, test.right, state, truthy=truthy)
        case nodes.Compare() if len(test.rest) == 1:
            _assume_comparison(run, test, state, truthy=truthy)
        case nodes.Name() | nodes.Attribute() | nodes.Walrus():
            _keep(run, test, state, lambda value: operators.truth(value, state) in {None, truthy})
        case nodes.Call():
            _assume_call(run, test, state, truthy=truthy)


def _assume_comparison(run: Run, test: nodes.Compare, state: State, *, truthy: bool) -> None:
    symbol, other = test.rest[0]
    positive = symbol in {"==", "is", "in"}
    if symbol not in {"==", "is", "in", "!=", "is not", "not in"}:
        return
    held = positive == truthy
    if held and symbol in {"==", "!="}:
        _trust([_quiet(run, one, state) for one in (test.left, other)], state)
    for subject, against in ((test.left, other), (other, test.left)):
        if isinstance(subject, nodes.Constant) or (subject is other and "in" in symbol.split()):
            continue
        value = _quiet(run, against, state)
        if (
            value is None
            and "in" in symbol.split()
            and isinstance(against, nodes.Call)
            and run.steps < CAREFUL
        ):
            found = _again(run, against, state)
            value = found if isinstance(found, Outside) else None
        if value is None:
            return
        kind = "in" if symbol.endswith("in") else "=="
        if held:
            _become(run, subject, value, state, kind)
        _keep(run, subject, state, partial(_may, run, kind, value, state, held))


def _keep_by_trial(run: Run, test: nodes.Expression, state: State, *, truthy: bool) -> None:
    """Drop the options of the one undecided variable of a test with which it would come out otherwise."""
    undecided = [
        name
        for name in dict.fromkeys(_names(test))
        if isinstance(value := names.read(run, name, state), Choice) and len(value.options) <= TRIALS
    ]
    if len(undecided) != 1:
        return
    name = undecided[0]
    value = names.read(run, name, state)
    kept: list[Value] = []
    for option in options(value):
        trial = state.copy()
        names.write(name, option, trial)
        try:
            found = operators.truth(evaluate(run, test, trial), trial)
        except Thrown:  # the program leaves here, so what follows never sees this option
            continue
        if found in {None, truthy}:
            kept.append(option)
    if kept and len(kept) < len(options(value)):
        names.write(name, chosen(kept), state)


def _names(node: nodes.Expression) -> Iterator[str]:
    """Variables in a test, of the expressions that can be tried again; none of others."""
    match node:
        case nodes.Name():
            yield node.name
        case nodes.Attribute() | nodes.Unary():
            yield from _names(node.value)
        case nodes.Subscript():
            yield from _names(node.value)
        case nodes.Compare():
            for operand in (node.left, *(operand for _, operand in node.rest)):
                yield from _names(operand)
        case nodes.Call():
            for argument in (node.function, *node.arguments):
                yield from _names(argument)


def _may(run: Run, symbol: str, against: Value, state: State, held: bool, value: Value) -> bool:  # noqa: FBT001 - bound before the value
    try:
        return operators.compare(run, symbol, value, against, state) in {None, held}
    except Thrown:
        return True


def _quiet(run: Run, node: nodes.Expression, state: State) -> Value | None:
    """The value of an expression without effects; None for others, which are not evaluated twice."""
    match node:
        case nodes.Constant() | nodes.Name() | nodes.Attribute() | nodes.Display() | nodes.DictDisplay():
            try:
                return evaluate(run, node, state)
            except Thrown:
                return None
    return None


def _become(run: Run, subject: nodes.Expression, value: Value, state: State, kind: str) -> None:
    """A tested variable that equals a known value is that value, and one out of a list is nobody's data any more."""
    subject = _variable(subject)
    if not isinstance(subject, nodes.Name):
        return
    old = names.read(run, subject.name, state)
    if kind == "in" and run.following is not None and isinstance(old, Constant | Choice) and old.taints:
        if isinstance(value, Outside) and not value.taints and type_name(value) not in {"?", "str", "bytes"}:
            names.write(subject.name, replaced(old, cleaned(old.taints, ALLOWED)), state)
        return
    if not isinstance(old, Outside | Text):
        return
    if kind == "==" and isinstance(value, Constant):
        names.write(subject.name, value, state)
    elif kind == "in":
        items = names.known_items(value, state)
        if (
            items is not None
            and items
            and all(isinstance(item, Constant) for item in items)
            and not _texts(value)
        ):
            names.write(subject.name, chosen(items), state)
        elif (
            not value.taints
            and not isinstance(value, Text)
            and not _texts(value)
            and type_name(value) != "str"
        ):
            names.write(subject.name, replaced(old, cleaned(old.taints, ALLOWED)), state)


def _texts(value: Value) -> bool:
    return any(
        isinstance(option, Constant) and isinstance(option.value, str | bytes) for option in options(value)
    )


def _variable(node: nodes.Expression) -> nodes.Expression:
    while isinstance(node, nodes.Walrus):
        return nodes.Name(node.at, node.name)
    return node


def _keep(run: Run, subject: nodes.Expression, state: State, possible: Callable[[Value], bool]) -> None:
    """Drop the options of a tested variable that the outcome rules out."""
    subject = _variable(subject)
    if not isinstance(subject, nodes.Name):
        return
    value = names.read(run, subject.name, state)
    if isinstance(value, Choice):
        kept = [option for option in value.options if possible(option)]
        if kept and len(kept) < len(value.options):
            names.write(subject.name, chosen(kept), state)


def _assume_call(run: Run, test: nodes.Call, state: State, *, truthy: bool) -> None:
    """`isinstance(x, T)` keeps the options of that type; a validator that says yes makes its argument harmless."""
    if not test.arguments:
        return
    subject = test.arguments[0]
    if (
        isinstance(test.function, nodes.Name)
        and test.function.name == "isinstance"
        and len(test.arguments) == 2
    ):
        kind = _quiet(run, test.arguments[1], state)
        if kind is not None:
            _keep(run, subject, state, lambda one: instance_of(run, one, kind, state) in {None, truthy})
            if truthy:
                _narrow(run, subject, kind, state)
        return
    function = _quiet(run, test.function, state) if truthy else None
    if isinstance(function, Outside) and function.path in COMPARISONS_OF_DIGESTS:
        _trust([_again(run, one, state) for one in test.arguments], state)
    if truthy and isinstance(subject, nodes.Name):
        rules = run.project.models.validates(function.path) if isinstance(function, Outside) else None
        if rules:
            value = names.read(run, subject.name, state)
            names.write(subject.name, replaced(value, cleaned(value.taints, rules)), state)


def _narrow(run: Run, subject: nodes.Expression, kind: Value, state: State) -> None:
    """A variable of unknown type that is an instance of a built-in one: numbers are nobody's data."""
    if not isinstance(subject, nodes.Name) or not isinstance(kind, Outside) or kind.path not in NARROWED:
        return
    value = names.read(run, subject.name, state)
    if isinstance(value, Outside) and value.path == "?":
        taints = value.taints if kind.path in {"str", "bytes"} else CLEAN
        names.write(subject.name, Outside(kind.path, taints), state)


def _again(run: Run, node: nodes.Expression, state: State) -> Value | None:
    """The value of an expression once more, with its effects in a copy of the state."""
    try:
        return evaluate(run, node, state.copy())
    except Thrown:
        return None


def _trust(compared: Iterable[Value | None], state: State) -> None:
    """Two values are equal: if one is a keyed hash of others' data, who has the key vouches for that data."""
    signed = {
        source
        for value in compared
        if value is not None
        for source, taint in deep_taints(value, state).items()
        if SIGNED in taint.cleaned
    }
    if not signed:
        return

    def vouched(taints: Taints) -> Taints:
        return {
            source: next(iter(cleaned({source: taint}, ALLOWED).values())) if source in signed else taint
            for source, taint in taints.items()
        }

    for name, value in scope_of(state).variables.items():
        if not signed.isdisjoint(deep_taints(value, state)):
            names.write(name, changed(value, state, vouched), state)


def instance_of(run: Run, value: Value, kind: Value, state: State) -> bool | None:
    """Whether a value is of a class, or of one of several; None where that is not known."""
    kinds = names.known_items(kind, state) if isinstance(kind, Tuple) else [kind]
    found = {_of_kind(run, value, one, state) for one in kinds or ()}
    return True if True in found else (None if None in found or not found else False)


def _of_kind(run: Run, value: Value, kind: Value, state: State) -> bool | None:
    from stillwatch.codescan.engine.attributes import lineage  # noqa: PLC0415 - attributes call, and calls are guarded

    if isinstance(value, Ref):
        thing = state.thing(value.address)
        if isinstance(thing, ListObject):
            return kind.path == thing.kind if isinstance(kind, Outside) else False
        if isinstance(thing, DictObject):
            return kind.path in MAPPINGS if isinstance(kind, Outside) else False
        own = getattr(thing, "kind", None)
        if isinstance(own, Value):
            found = _among(lineage(own, state), kind)
            return found if isinstance(own, Ref) else (True if found else None)
    name = type_name(value)
    if isinstance(kind, Outside) and kind.path in BUILTINS:
        if name in BUILTINS:
            return name == kind.path or (name == "bool" and kind.path == "int")
        return None if name.startswith("?") or "." not in name else False
    return False if name in BUILTINS and isinstance(kind, Outside | Ref) else None


def _among(lineage: Iterable[Value], kind: Value) -> bool | None:
    unsure = False
    for one in lineage:
        if isinstance(one, Outside) and isinstance(kind, Outside):
            if one.path == kind.path:
                return True
            unsure = unsure or one.path != "object"
        elif isinstance(one, Ref) and isinstance(kind, Ref) and one.address == kind.address:
            return True
    return None if unsure else False
