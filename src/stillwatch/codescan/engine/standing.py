"""What functions leave behind in things that all code shares, and what others do with it.

A handler stores data of others in a global, in a queue or in `flask.g`, and another function reads it: that function is run
once more on what was left. A payload is followed along both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import roots
from stillwatch.codescan.engine.heap import Scope, State, Thing, deep_taints, held_in, joined_things

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stillwatch.codescan.engine.payloads import Following
    from stillwatch.codescan.engine.project import Project, Spawned
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.engine.sinks import Candidate

READERS_LIMIT = 60  # functions of a module that are run once more
WRITERS_LIMIT = 8  # functions whose leavings are kept apart
Left = dict[int, Thing]


def left_by(project: Project, state: State) -> Left:
    """What a function changed of what all code shares, if others' data is in it, with all that this refers to."""
    shared = {
        address: thing
        for address, thing in state.own.items()
        if (was := project.base.get(address)) is not None
        and was is not thing
        and _holds_more(was, thing, state)
    }
    if not shared:
        return {}
    return {
        address: thing
        for address, thing in state.own.items()
        if address in shared or address not in project.base
    }


def _holds_more(was: Thing, thing: Thing, state: State) -> bool:
    inside = thing.variables.values() if isinstance(thing, Scope) else held_in(thing)
    before = {id(value) for value in (was.variables.values() if isinstance(was, Scope) else held_in(was))}
    return any(id(value) not in before and bool(deep_taints(value, state)) for value in inside)


def candidates(
    project: Project, spawned: Iterable[Spawned], left: Sequence[tuple[Spawned, Left]]
) -> list[Candidate]:
    """What looks weak in functions once others left data behind, and was not seen without it."""
    if not left:
        return []
    known = {(one.rule.id, one.location) for one in project.candidates}
    whole: Left = {}
    for _, things in left[:WRITERS_LIMIT]:
        for address, thing in things.items():
            old = whole.get(address) or project.base.get(address)
            whole[address] = thing if old is None else joined_things(old, thing, widen=False)
    writers = tuple(writer for writer, _ in left[:WRITERS_LIMIT])
    found: list[Candidate] = []
    for reader in list(spawned)[:READERS_LIMIT]:
        run, _ = roots.start(project, reader, None, whole)
        found.extend(
            replace(one, before=writers)
            for one in run.candidates
            if (one.rule.id, one.location) not in known and one.taints
        )
    return found


def again(project: Project, candidate: Candidate, following: Following) -> Run:
    """Run the way to a candidate with a payload: first what leaves it behind, then what reads it."""
    assert candidate.root is not None
    if not candidate.before:
        run, _ = roots.start(project, candidate.root, following)
        return run
    steps = 0
    left: Left = {}
    for writer in candidate.before:
        run, state = roots.start(project, writer, following, left)
        steps += run.steps
        if run.ended:  # else it refused the payload, and left nothing
            left = dict(state.own)
    run, _ = roots.start(project, candidate.root, following, left)
    run.steps += steps
    return run
