"""What functions leave behind in things that all code shares, and what others do with it.

A handler stores data of others in a global, in a queue or in `flask.g`, and another function reads it: that function is run
once more on what was left. A payload is followed along both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import roots
from stillwatch.codescan.engine.heap import (
    ClassObject,
    DictObject,
    Instance,
    ListObject,
    Scope,
    State,
    Thing,
    deep_taints,
    held_in,
    joined_things,
)
from stillwatch.codescan.engine.values import Ref, Routine, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stillwatch.codescan.engine.dependence import Touch
    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.payloads import Following
    from stillwatch.codescan.engine.project import Project, Spawned
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.engine.sinks import Candidate

READERS_LIMIT = 60  # functions of a module that may be run once more, small ones first
AGAIN_STEPS = 40_000  # evaluations for all of them
MET_LIMIT = 5_000  # objects that are looked through for what was left; behind more it may be
WRITERS_LIMIT = 8  # functions whose leavings are kept apart
Left = dict[int, Thing]


def left_by(project: Project, state: State) -> Left:
    """What a function changed of what all code shares, if others' data is in it, with all that this refers to."""
    left: Left = {}
    for address, thing in state.own.items():
        was = project.base.get(address)
        if was is None or was is thing:
            continue
        before = {id(value) for value in _inside(was)}
        added = [value for value in _inside(thing) if id(value) not in before]
        if any(deep_taints(value, state) for value in added):
            left[address] = thing
            left.update(_reached(added, project, state))
    return left


def _inside(thing: Thing) -> Iterable[Value]:
    return thing.variables.values() if isinstance(thing, Scope) else held_in(thing)


def _reached(values: Iterable[Value], project: Project, state: State) -> Left:
    """What values refer to, over all steps, that is not there for all code anyway."""
    found: Left = {}
    todo = [address for value in values for address in _addresses(value)]
    while todo:
        address = todo.pop()
        if address in found or address in project.base or address not in state.own:
            continue
        thing = found[address] = state.own[address]
        todo.extend(_addresses(thing))
    return found


def _addresses(held: object) -> Iterator[int]:
    """The objects that a value or an object names itself."""
    todo = [held]
    while todo:
        one = todo.pop()
        match one:
            case Ref():
                yield one.address
            case Routine():
                yield one.scope
                todo.append(one.defaults)
            case Scope():
                todo.extend(one.variables.values())
                if one.outer is not None:
                    yield one.outer
            case ClassObject():
                todo.extend((*one.bases, *one.attributes.values()))
            case Instance():
                todo.extend((one.kind, *one.attributes.values(), one.arguments))
            case ListObject() | DictObject():
                todo.extend(held_in(one))
            case tuple():
                todo.extend(one)
            case Value():
                todo.extend(getattr(one, name) for name in type(one).__slots__ if name != "taints")


@dataclass(frozen=True, slots=True)
class Reader:
    """A function that was run, the names of modules that were read then, and the steps it took."""

    spawned: Spawned
    touched: set[Touch]
    steps: int

    def meets(self, left: Left, project: Project) -> bool:
        """Whether anything that it read leads to what was left behind."""
        routine = self.spawned.routine
        todo = [routine.scope] if routine.owner is None else [routine.scope, routine.owner]
        seen: set[int] = set()
        for path, name in self.touched:
            module = project.modules.by_path.get(path)
            if module is None or module.scope is None:
                continue
            changed = left.get(module.scope)
            if isinstance(changed, Scope) and changed.variables.get(name) is not _global(
                project, module, name
            ):
                return True
            todo.extend(_addresses(_global(project, module, name)))
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            thing = project.base.get(address)
            if isinstance(thing, Scope) and thing.kind == "module":
                continue
            if address in left or len(seen) > MET_LIMIT:
                return True
            if thing is not None:
                todo.extend(_addresses(thing))
        return False


def _global(project: Project, module: Module, name: str) -> Value | None:
    scope = project.base.get(module.scope or 0)
    return scope.variables.get(name) if isinstance(scope, Scope) else None


def candidates(
    project: Project, readers: Iterable[Reader], left: Sequence[tuple[Spawned, Left]]
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
    spent = 0
    for reader in sorted(readers, key=lambda one: one.steps)[:READERS_LIMIT]:
        if spent + reader.steps > AGAIN_STEPS or not reader.meets(whole, project):
            continue
        run, _ = roots.start(project, reader.spawned, None, whole)
        spent += run.steps
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
