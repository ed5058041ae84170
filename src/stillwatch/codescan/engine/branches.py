"""Statements that choose and repeat: `if`, `while`, `for`, `try`, `with`, `match`."""

from __future__ import annotations

from stillwatch.codescan.engine import attributes, calls, guards, names, operators, patterns
from stillwatch.codescan.engine.heap import State, item_of, joined_states
from stillwatch.codescan.engine.run import EXECUTE, Frame, Loop, Run, Thrown, block, evaluate
from stillwatch.codescan.engine.values import Choice, Outside, Ref, Value, options
from stillwatch.codescan.syntax import nodes

ROUNDS = 4  # of a loop whose number of rounds is not known: enough for data to go through three variables


def _if(run: Run, node: nodes.If, state: State) -> bool:
    held, failed = guards.branches(run, node.test, state)
    ends = []
    if held is not None and block(run, node.body, held):
        ends.append(held)
    if failed is not None and block(run, node.otherwise, failed):
        ends.append(failed)
    return _go_on(state, ends)


def _go_on(state: State, ends: list[State]) -> bool:
    whole = joined_states(ends)
    if whole is None:
        return False
    state.become(whole)
    return True


def _while(run: Run, node: nodes.While, state: State) -> bool:
    loop = Loop()
    run.frame.loops.append(loop)
    leaving: list[State] = []
    current: State | None = state.copy()
    rounds = unknown_rounds = 0
    while current is not None:
        trial = current.copy()
        decided = operators.truth(evaluate(run, node.test, trial), trial)
        held, failed = guards.branches(run, node.test, current)
        rounds += 1
        unknown_rounds += decided is None
        if failed is not None:
            leaving.append(failed)
        if held is None or unknown_rounds > ROUNDS or rounds > run.loop_limit:
            if held is not None and failed is None:
                leaving.append(held)
            break
        before = held.copy()
        current = _round(run, node.body, held, loop)
        if current is not None and decided is None:
            current = joined_states([before, current], widen=unknown_rounds > 1)
    run.frame.loops.pop()
    return _after_loop(run, node.otherwise, state, leaving, loop)


def _round(run: Run, body: nodes.Block, state: State, loop: Loop) -> State | None:
    """The state in which the next round starts; None if there is none."""
    loop.continues = []
    ends = [state] if block(run, body, state) else []
    return joined_states([*ends, *loop.continues])


def _after_loop(run: Run, otherwise: nodes.Block, state: State, leaving: list[State], loop: Loop) -> bool:
    ends = list(loop.breaks)
    normal = joined_states(leaving)
    if normal is not None and block(run, otherwise, normal):
        ends.append(normal)
    return _go_on(state, ends)


def _for(run: Run, node: nodes.For, state: State) -> bool:
    iterable = evaluate(run, node.iterable, state)
    if isinstance(iterable, Choice):
        return _go_on(
            state, [taken for option in iterable.options if _loop(run, node, option, taken := state.copy())]
        )
    return _loop(run, node, iterable, state)


def _loop(run: Run, node: nodes.For, iterable: Value, state: State) -> bool:
    loop = Loop()
    run.frame.loops.append(loop)
    items = names.known_items(iterable, state)
    if items is not None and len(items) <= run.loop_limit:
        leaving = _known_rounds(run, node, items, state, loop)
    else:
        leaving = _unknown_rounds(run, node, calls.iterated(run, iterable, state), state, loop)
    run.frame.loops.pop()
    return _after_loop(run, node.otherwise, state, leaving, loop)


def _known_rounds(run: Run, node: nodes.For, items: list[Value], state: State, loop: Loop) -> list[State]:
    current: State | None = state.copy()
    for item in items:
        assert current is not None
        names.assign(run, node.target, item, current)
        current = _round(run, node.body, current, loop)
        if current is None:
            return []
    return [] if current is None else [current]


def _unknown_rounds(run: Run, node: nodes.For, iterable: Value, state: State, loop: Loop) -> list[State]:
    run.frame.undecided = True
    run.risks += 1
    current: State | None = state.copy()
    leaving = [state.copy()]
    for number in range(ROUNDS):
        assert current is not None
        before = current.copy()
        names.assign(run, node.target, item_of(iterable, current), current)
        after = _round(run, node.body, current, loop)
        if after is None:
            break
        leaving.append(after)
        current = joined_states([before, after], widen=number > 0)
        if current is None or current.own is before.own:
            break
    return leaving


def _jump(run: Run, node: nodes.Jump, state: State) -> bool:
    loops = run.frame.loops
    if node.kind == "pass" or not loops:
        return node.kind == "pass"
    (loops[-1].breaks if node.kind == "break" else loops[-1].continues).append(state.copy())
    return False


def _try(run: Run, node: nodes.Try, state: State) -> bool:
    if not node.last:
        return _guarded(run, node, state)
    frame = run.frame
    kept = frame.returns, frame.raises, frame.loops
    frame.returns, frame.raises = [], []
    frame.loops = [Loop() for _ in kept[2]]
    ends = _guarded(run, node, state)
    inner = frame.returns, frame.raises, frame.loops
    frame.returns, frame.raises, frame.loops = kept
    _finish(run, node.last, inner, frame)
    return ends and block(run, node.last, state)


def _finish(
    run: Run,
    last: nodes.Block,
    inner: tuple[list[tuple[Value, State]], list[tuple[Value, State]], list[Loop]],
    frame: Frame,
) -> None:
    """Run a `finally` on each other way out of its `try`."""
    returns, raises, loops = inner
    for found, onward in ((returns, frame.returns), (raises, frame.raises)):
        onward.extend((value, taken) for value, taken in found if block(run, last, taken))
    for mine, theirs in zip(loops, frame.loops, strict=True):
        theirs.breaks.extend(taken for taken in mine.breaks if block(run, last, taken))
        theirs.continues.extend(taken for taken in mine.continues if block(run, last, taken))


def _guarded(run: Run, node: nodes.Try, state: State) -> bool:
    frame = run.frame
    outer, frame.raises = frame.raises, []
    maybe: list[State] = []
    alive = True
    for statement in node.body:
        before, risks = state.copy(), run.risks
        alive = block(run, (statement,), state)
        if run.risks > risks:
            maybe.extend((before, state.copy()) if alive else (before,))
        if not alive:
            break
    raised, frame.raises = frame.raises, outer
    ends = [state.copy()] if alive and block(run, node.otherwise, state) else []
    for handler in node.handlers:
        caught, raised = _caught(run, handler, raised, state)
        entry = joined_states([taken for _, taken in caught] + maybe)
        if entry is not None:
            entry = entry.copy()
            if handler.name is not None:
                names.write(handler.name, _exception(caught), entry)
            if block(run, handler.body, entry):
                ends.append(entry)
    frame.raises.extend(raised)
    if not node.handlers:
        frame.raises.extend((Outside("Exception"), taken) for taken in maybe)
    return _go_on(state, ends)


def _exception(caught: list[tuple[Value, State]]) -> Value:
    return caught[0][0] if len(caught) == 1 else Outside("Exception")


Raised = list[tuple[Value, State]]


def _caught(run: Run, handler: nodes.Handler, raised: Raised, state: State) -> tuple[Raised, Raised]:
    """What a handler takes of what was raised, and what it leaves."""
    if handler.type is None:
        return raised, []
    kind = evaluate(run, handler.type, state.copy())
    caught, left = [], []
    for value, taken in raised:
        found = _catches(run, value, kind, taken)
        if found is not False:
            caught.append((value, taken))
        if found is not True:
            left.append((value, taken))
    return caught, left


def _catches(run: Run, value: Value, kind: Value, state: State) -> bool | None:
    kinds = [one for option in options(kind) for one in names.known_items(option, state) or [option]]
    found = {_is_exception(value, one, state) for one in kinds}
    return True if True in found else (None if None in found or not found else False)


def _is_exception(value: Value, kind: Value, state: State) -> bool | None:
    if isinstance(kind, Outside) and kind.path in {"Exception", "BaseException"}:
        return True
    if isinstance(value, Outside) and isinstance(kind, Outside):
        mine, theirs = _builtin(value.path), _builtin(kind.path)
        if mine is not None and theirs is not None:
            return True if issubclass(mine, theirs) else (None if issubclass(theirs, mine) else False)
        return True if value.path == kind.path else None
    if isinstance(value, Ref):
        thing = state.thing(value.address)
        lineage = attributes.lineage(getattr(thing, "kind", value), state)
        if isinstance(kind, Ref):
            return any(isinstance(one, Ref) and one.address == kind.address for one in lineage)
        found = {_is_exception(one, kind, state) for one in lineage if isinstance(one, Outside)}
        return True if True in found else (None if None in found or not found else False)
    return None if isinstance(value, Outside) else False


def _builtin(name: str) -> type[BaseException] | None:
    found = getattr(__import__("builtins"), name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _raise(run: Run, node: nodes.Raise, state: State) -> bool:
    raise Thrown(Outside("Exception") if node.value is None else evaluate(run, node.value, state))


def _assert(run: Run, node: nodes.Assert, state: State) -> bool:
    held, failed = guards.branches(run, node.test, state)
    if failed is not None:
        run.frame.raises.append((Outside("AssertionError"), failed.copy()))
    if held is None:
        return False
    state.become(held)
    return True


def _with(run: Run, node: nodes.With, state: State) -> bool:
    managers: list[tuple[Value, nodes.At]] = []
    for place, (manager, target) in enumerate(node.items):
        value = evaluate(run, manager, state)
        if isinstance(value, Outside) and value.path == "contextlib.suppress()":
            inner = nodes.With(node.at, node.items[place + 1 :], node.body)
            kinds = nodes.Display(
                manager.at, "tuple", manager.arguments if isinstance(manager, nodes.Call) else ()
            )
            handler = nodes.Handler(node.at, kinds, None, ())
            return _guarded(run, nodes.Try(node.at, (inner,), (handler,), (), ()), state)
        entered = calls.entered(run, value, state, manager.at)
        if target is not None:
            names.assign(run, target, entered, state)
        managers.append((value, manager.at))
    ends = block(run, node.body, state)
    for value, at in reversed(managers) if ends else ():
        calls.left(run, value, state, at)
    return ends


def _match(run: Run, node: nodes.Match, state: State) -> bool:
    subject = evaluate(run, node.subject, state)
    ends: list[State] = []
    current: State | None = state.copy()
    for case in node.cases:
        assert current is not None
        taken = current.copy()
        found = patterns.matches(run, case.pattern, subject, taken)
        if found is False:
            continue
        failed: State | None = current.copy()
        if case.guard is not None:
            guarded, failed_guard = guards.branches(run, case.guard, taken)
            if guarded is None:
                continue
            found = found if failed_guard is None else None
            taken = guarded
        run.frame.undecided = run.frame.undecided or found is None
        if block(run, case.body, taken):
            ends.append(taken)
        if found is True:
            current = failed = None
            break
        current = failed
    return _go_on(state, [*ends, *([] if current is None else [current])])


EXECUTE[nodes.If] = _if
EXECUTE[nodes.While] = _while
EXECUTE[nodes.For] = _for
EXECUTE[nodes.Jump] = _jump
EXECUTE[nodes.Try] = _try
EXECUTE[nodes.Raise] = _raise
EXECUTE[nodes.Assert] = _assert
EXECUTE[nodes.With] = _with
EXECUTE[nodes.Match] = _match
