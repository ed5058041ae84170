"""What must not be done with others' data, or at all: candidates for findings, and payloads that arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stillwatch.codescan.checks import Hazard, Rule, SinkCall
from stillwatch.codescan.engine.heap import DictObject, Instance, ListObject, State, deep_taints
from stillwatch.codescan.engine.taints import CLEAN, EVERYTHING, Taints, merged
from stillwatch.codescan.engine.values import Choice, Constant, Outside, Ref, Text, Tuple, Value
from stillwatch.codescan.finding import Location, Unreached

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.project import Spawned
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.finding import Entry
    from stillwatch.codescan.models import SinkModel
    from stillwatch.codescan.syntax import nodes

GAP = "\N{SYMBOL FOR NULL}"  # stands in a text for what is not known


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that looks weak: with whose data, if it takes any.

    `root` is the function it was found from, `before` are those that left the data behind for it.
    """

    rule: Rule
    location: Location
    function: str
    sink: str
    taints: Taints
    hazard: Hazard
    entry: Entry | None
    root: Spawned | None
    before: tuple[Spawned, ...] = ()


def called(
    run: Run,
    path: str,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    rest: Value | None,
    receiver: Value | None,
    state: State,
    at: nodes.At,
) -> None:
    """A function outside is called."""
    library = run.project.models
    models = library.sinks.get(path)
    if models is None and "." in path:
        head, _, last = path.rpartition(".")
        models = (None if head == "?" else library.sinks.get(f"{head}.*")) or library.sinks.get(f"*.{last}")
    if models is None:
        return
    for model in models:
        if model.call is not None:
            call = SinkCall(
                path, arguments, keywords, rest, receiver, state, model, library, run.module, _around(run, at)
            )
            _check(run, model, call, at)


def stored(run: Run, path: str, receiver: Value, values: Sequence[Value], state: State, at: nodes.At) -> None:
    """A thing outside was changed: `path[]` for an item, given as (index, value), or an attribute."""
    library = run.project.models
    for model in library.sinks.get(path, ()):
        if model.set is not None:
            _check(
                run,
                model,
                SinkCall(
                    path, values, {}, None, receiver, state, model, library, run.module, _around(run, at)
                ),
                at,
            )


def returned(run: Run, value: Value, state: State, at: nodes.At) -> None:
    """A handler answers: as HTML, its text is a sink."""
    entry = run.entry
    library = run.project.models
    for model in library.sinks.get("answer", ()) if entry is not None else ():
        if model.answers == "html" and run.answers != "html":
            continue
        _check(
            run,
            model,
            SinkCall("answer", [value], {}, None, None, state, model, library, run.module, _around(run, at)),
            at,
        )


def _text_that_counts(value: Value, rule: Rule, state: State) -> tuple[str, bool]:
    """The text of a value, unless all others' data in it is harmless for the rule."""
    if deep_taints(value, state) and not live_taints((value,), rule, state):
        return "", True
    return text_of(value, state)


def _around(run: Run, at: nodes.At) -> str:
    """The text of a statement's lines, and the name of the function it is in."""
    routine, source = run.frame.routine, run.module.source
    lines = () if source is None else source.lines[at[0] - 1 : at[2]]
    return "\n".join([*(() if routine is None else (routine.name,)), *lines])


def _check(run: Run, model: SinkModel, call: SinkCall, at: nodes.At) -> None:
    rule = run.project.models.rules[model.rule]
    if run.following is not None and run.following.rule is not rule:
        return
    hazard = rule.hazard(call)
    if hazard is None or (
        rule.payloads and not hazard.values and not hazard.note
    ):  # none that could hold a payload
        return
    location = Location(run.module.path, *at)
    if run.following is not None:
        if run.following.location == location:
            run.following.arrived([_text_that_counts(value, rule, call.state) for value in hazard.values])
        return
    taints = {
        source: taint
        for source, taint in live_taints(hazard.values, rule, call.state).items()
        if source.kind in rule.accepts
    }
    routine = run.frame.routine
    if hazard.values and not taints:
        if any(GAP in text_of(value, call.state)[0] for value in hazard.values):
            name = "" if routine is None else routine.name
            run.project.unreached.setdefault(
                (rule.id, location), Unreached(rule.id, location, name, call.path, run.entry)
            )
        return
    run.candidates.append(
        Candidate(
            rule,
            location,
            "" if routine is None else routine.name,
            call.path,
            taints,
            hazard,
            run.entry,
            run.root,
        )
    )


def live_taints(values: Sequence[Value], rule: Rule, state: State) -> Taints:
    """Whose data in values is not harmless for a rule."""
    taints: Taints = CLEAN
    harmless = {EVERYTHING, rule.id}
    for value in values:
        taints = merged(taints, deep_taints(value, state))
    return {source: taint for source, taint in taints.items() if harmless.isdisjoint(taint.cleaned)}


def text_of(value: Value, state: State, depth: int = 4) -> tuple[str, bool]:
    """The text of all that is in a value, with gaps for what is not known, and whether no gap holds others' data."""
    if depth == 0:
        return GAP, not deep_taints(value, state)
    match value:
        case Constant():
            known = value.value
            return (known.decode("utf-8", "replace") if isinstance(known, bytes) else str(known)), True
        case Text():
            return _together([_piece(piece, state, depth) for piece in value.pieces], "")
        case Tuple():
            return _together([text_of(item, state, depth - 1) for item in value.items], "\n")
        case Choice():
            parts = [text_of(option, state, depth - 1) for option in value.options]
            return "\n".join(part for part, _ in parts), all(known for _, known in parts)
        case Ref():
            return _text_of_thing(value, state, depth)
        case Outside():
            theirs = [argument for _, argument in value.arguments if deep_taints(argument, state)]
            kept = [text_of(argument, state, depth - 1) for argument in theirs]
            return _together([*kept, (GAP, not value.taints)], "\n")
    return GAP, not deep_taints(value, state)


def _piece(piece: str | bytes | Value, state: State, depth: int) -> tuple[str, bool]:
    if isinstance(piece, Value):
        return text_of(piece, state, depth - 1)
    return (piece.decode("utf-8", "replace") if isinstance(piece, bytes) else piece), True


def _text_of_thing(value: Ref, state: State, depth: int) -> tuple[str, bool]:
    thing = state.thing(value.address)
    match thing:
        case ListObject() if thing.items is not None:
            return _together([text_of(item, state, depth - 1) for item in thing.items], "\n")
        case DictObject():
            return _together([text_of(item, state, depth - 1) for item in thing.items.values()], "\n")
        case Instance():
            inside = [*thing.attributes.values(), *(argument for _, argument in thing.arguments)]
            return _together(
                [
                    *(text_of(item, state, depth - 1) for item in inside),
                    (GAP, not thing.absorbed and not value.taints),
                ],
                "\n",
            )
    return GAP, not deep_taints(value, state)


def _together(parts: list[tuple[str, bool]], between: str) -> tuple[str, bool]:
    return between.join(text for text, _ in parts), all(known for _, known in parts)
