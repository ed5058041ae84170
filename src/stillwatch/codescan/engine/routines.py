"""Functions of the code base: their definition, and running them on the values they are called with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import sinks
from stillwatch.codescan.engine.heap import (
    DictObject,
    ListObject,
    Scope,
    State,
    changed,
    deep_taints,
    joined_states,
)
from stillwatch.codescan.engine.run import (
    CAREFUL,
    EVALUATE,
    EXECUTE,
    FRUGAL,
    Frame,
    Run,
    Thrown,
    block,
    evaluate,
)
from stillwatch.codescan.engine.taints import CLEAN, Taints, merged, moved, weakened
from stillwatch.codescan.engine.values import (
    NONE,
    Outside,
    Ref,
    Routine,
    Value,
    chosen,
    joined,
    options,
    unknown,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def define(run: Run, node: nodes.Function | nodes.Lambda, state: State, owner: int | None = None) -> Routine:
    """The value of a `def` or `lambda`: defaults are evaluated here, decorators are not yet applied."""
    defaults = tuple(
        (parameter.name, evaluate(run, parameter.default, state))
        for parameter in node.parameters
        if parameter.default is not None
    )
    for frame in run.frames:
        frame.kept = True
    own = node.name if isinstance(node, nodes.Function) else "<lambda>"
    around = run.frame.routine
    name = own if around is None or owner is not None else f"{around.name}.{own}"
    return Routine(node, run.module, state.scope, name, defaults, owner)


def _function(run: Run, node: nodes.Function, state: State) -> bool:
    from stillwatch.codescan.engine import calls, names  # noqa: PLC0415 - calling runs definitions, and these call decorators

    scope = state.thing(state.scope)
    assert isinstance(scope, Scope)
    made = define(run, node, state, scope.owner)
    decorators = [evaluate(run, decorator, state) for decorator in node.decorators]
    paths = tuple(path for decorator in decorators for path in _paths(decorator))
    made.wrapped, made.marks = paths, tuple(decorators)
    if scope.owner is not None:
        owner = state.thing(scope.owner) if scope.owner in state.own else None
        made.name = f"{getattr(owner, 'name', scope.kind)}.{node.name}"
    run.spawned.append((made, tuple(decorators), state.copy()))
    value: Value = made
    for decorator, path_node in reversed(list(zip(decorators, node.decorators, strict=True))):
        if _keeps(decorator):
            for path in paths if run.following is None else ():
                sinks.called(run, path, [value], {}, None, None, state, path_node.at)
            continue
        try:
            value = calls.call(run, decorator, [value], {}, state, path_node.at)
        except Thrown:
            value = made
    if isinstance(value, Outside):
        value = made
    names.write(node.name, value, state)
    return True


def _paths(decorator: Value) -> tuple[str, ...]:
    return tuple(option.path for option in options(decorator) if isinstance(option, Outside))


def _keeps(decorator: Value) -> bool:
    """Whether the decorated function stays what it was, as far as calls of it go."""
    return isinstance(decorator, Outside)


def opaque(run: Run, values: Sequence[Value], state: State) -> Value:
    """The result of a call that is not followed."""
    taints: Taints = CLEAN
    for value in values:
        taints = merged(taints, deep_taints(value, state))
    return run.risky(weakened(taints))


def call(
    run: Run,
    routine: Routine,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    state: State,
    at: nodes.At,
    rest: Value | None = None,
) -> Value:
    """Run a function of the code base; `rest` stands for arguments whose number is not known."""
    stacked = sum(frame.routine is not None and frame.routine.node is routine.node for frame in run.frames)
    if (
        len(run.frames) > run.call_depth
        or stacked >= run.recursion
        or _too_dear(run, arguments, keywords, state)
    ):
        return opaque(run, [*arguments, *keywords.values()], state)
    path = run.module.path
    note = f"passed to {routine.name}"
    given = [changed(value, state, lambda taints: moved(taints, path, at, note)) for value in arguments]
    named = {
        name: changed(value, state, lambda taints: moved(taints, path, at, note))
        for name, value in keywords.items()
    }
    caller = state.scope
    variables = bound_parameters(run, routine, given, named, rest, state)
    scope = run.new(Scope("call", variables, routine.scope, routine.module), state)
    state.scope = scope.address
    try:
        with run.inside(Frame(routine.module, routine)) as frame:
            ended = body(run, routine.node, state, frame)
        value = _outcome(run, routine.node, frame, state, ended=ended)
        if isinstance(value, Ref) and getattr(routine.node, "generator", False):
            run.generators[value.address] = routine, variables
    finally:
        state.scope = caller
        if not frame.kept:
            state.own.pop(scope.address, None)
    return changed(value, state, lambda taints: moved(taints, path, at, f"returned by {routine.name}"))


def _too_dear(run: Run, arguments: Sequence[Value], keywords: Mapping[str, Value], state: State) -> bool:
    """Whether so much was spent that a call is followed no more, or only if it is given others' data."""
    if run.steps < CAREFUL or run.following is not None:
        return run.steps > 2 * FRUGAL
    run.thrifty = True
    return run.steps > FRUGAL or not any(
        deep_taints(value, state, 2) for value in (*arguments, *keywords.values())
    )


def body(run: Run, node: nodes.Function | nodes.Lambda, state: State, frame: Frame) -> bool:
    if isinstance(node, nodes.Lambda):
        try:
            frame.returns.append((evaluate(run, node.body, state), state.copy()))
        except Thrown as thrown:
            frame.raises.append((thrown.value, state.copy()))
        return False
    return block(run, node.body, state)


def _outcome(
    run: Run, node: nodes.Function | nodes.Lambda, frame: Frame, state: State, *, ended: bool
) -> Value:
    """What a call gives, with the state joined over all its ways out."""
    if ended:
        frame.returns.append((NONE, state.copy()))
    if not frame.returns:
        whole = joined_states(taken for _, taken in frame.raises)
        if whole is not None:
            state.become(whole)
        raise Thrown(chosen(value for value, _ in frame.raises) if frame.raises else Outside("Exception"))
    if frame.raises:
        run.risks += 1
    whole = joined_states(taken for _, taken in frame.returns)
    assert whole is not None
    state.become(whole)
    if isinstance(node, nodes.Function) and node.generator:
        known = None if frame.undecided else tuple(frame.yields)
        rest = None if known is not None or not frame.yields else chosen(frame.yields)
        return run.new(ListObject("generator", known, rest), state)
    return chosen(value for value, _ in frame.returns)


def after(state: State, ends: list[State]) -> State:
    """The state in which functions that were defined inside are called later."""
    whole = joined_states(ends)
    return state if whole is None else whole


def bound_parameters(
    run: Run,
    routine: Routine,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    rest: Value | None,
    state: State,
) -> dict[str, Value]:
    """Parameters by name, as Python binds them; what is not given and has no default is not known."""
    variables: dict[str, Value] = {}
    waiting = list(arguments)
    left = dict(keywords)
    defaults = dict(routine.defaults)
    for parameter in routine.node.parameters:
        name = parameter.name
        if parameter.kind == "star":
            items = tuple(waiting)
            waiting = []
            kept = (
                ListObject("tuple", items)
                if rest is None
                else ListObject("tuple", None, chosen([*items, rest]))
            )
            variables[name] = run.new(kept, state)
        elif parameter.kind == "double":
            items_by_key: dict[object, Value] = {(key,): value for key, value in left.items()}
            variables[name] = run.new(DictObject(items_by_key, rest), state)
        elif name in left and parameter.kind != "positional":
            variables[name] = left.pop(name)
        elif waiting and parameter.kind != "keyword":
            variables[name] = waiting.pop(0)
        elif rest is not None:
            variables[name] = joined(defaults[name], rest) if name in defaults else rest
        elif name in defaults:
            variables[name] = defaults[name]
        else:
            variables[name] = annotated(run, parameter, routine, state)
    return variables


def annotated(run: Run, parameter: nodes.Parameter, routine: Routine, state: State) -> Value:
    """A parameter nobody gives, as its annotation says what it is."""
    return run.project.instance(run, annotation(run, parameter, routine, state), state)


def meant(node: nodes.Expression) -> nodes.Expression:
    """The type itself of an annotation that is `X | None`, `Optional[X]` or `Annotated[X, …]`."""
    while True:
        match node:
            case nodes.Binary(operator="|", right=nodes.Constant(value=None)):
                node = node.left
            case nodes.Subscript(value=nodes.Name(name="Optional") | nodes.Attribute(name="Optional")):
                node = node.index
            case nodes.Subscript(
                value=nodes.Name(name="Annotated") | nodes.Attribute(name="Annotated"),
                index=nodes.Display(items=(first, *_)),
            ):
                node = first
            case _:
                return node


def annotation(run: Run, parameter: nodes.Parameter, routine: Routine, state: State) -> Value:
    """The value of a parameter's annotation."""
    if parameter.annotation is None:
        return unknown()
    scope, state.scope = state.scope, routine.scope
    run.frames.append(Frame(routine.module, routine))
    try:
        return evaluate(run, meant(parameter.annotation), state)
    except Thrown:
        return unknown()
    finally:
        run.frames.pop()
        state.scope = scope


def _return(run: Run, node: nodes.Return, state: State) -> bool:
    value = NONE if node.value is None else evaluate(run, node.value, state)
    frame = run.frame
    if len(run.frames) == 1:
        sinks.returned(run, value, state, node.at)
    frame.returns.append((value, state.copy()))
    return False


def _yield(run: Run, node: nodes.Yield, state: State) -> Value:
    value: Value = NONE if node.value is None else evaluate(run, node.value, state)
    if node.whole:
        from stillwatch.codescan.engine.names import known_items  # noqa: PLC0415 - as above

        items = known_items(value, state)
        run.frame.yields.extend(items if items is not None else [unknown(deep_taints(value, state))])
        run.frame.undecided = run.frame.undecided or items is None
        return unknown()
    run.frame.yields.append(value)
    return run.frame.sent or unknown()


def _lambda(run: Run, node: nodes.Lambda, state: State) -> Value:
    return define(run, node, state)


EXECUTE[nodes.Function] = _function
EXECUTE[nodes.Return] = _return
EVALUATE[nodes.Lambda] = _lambda
EVALUATE[nodes.Yield] = _yield
