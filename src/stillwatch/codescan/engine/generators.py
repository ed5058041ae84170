"""Values sent into generators: what a `yield` gives when the generator goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import routines
from stillwatch.codescan.engine.heap import Scope, State
from stillwatch.codescan.engine.run import Frame, Run
from stillwatch.codescan.engine.values import NONE, Ref, Value, chosen

if TYPE_CHECKING:
    from collections.abc import Sequence


def send(run: Run, generator: Ref, arguments: Sequence[Value], state: State) -> Value | None:
    """`generator.send(value)`: its code runs again from the start, each `yield` giving the value.

    What it does before its first `yield` is done twice, which does not matter to where data goes. None where the generator was
    not made by a call that was followed.
    """
    made = run.generators.get(generator.address)
    if made is None or not arguments or len(run.frames) > run.call_depth:
        return None
    routine, variables = made
    caller = state.scope
    state.scope = run.new(Scope("call", variables, routine.scope, routine.module), state).address
    try:
        with run.inside(Frame(routine.module, routine, sent=arguments[0])) as frame:
            routines.body(run, routine.node, state, frame)
    finally:
        state.scope = caller
    run.risks += 1
    return chosen(frame.yields) if frame.yields else NONE
