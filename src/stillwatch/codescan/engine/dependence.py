"""What each part of a code base's modules read when it ran, and so what an analysis depends on.

A part is a top-level statement that only binds names: a function, a class, an import, an assignment. All other statements
of a module are one part, the rest, and so is what changed anything that another statement had made. An analysis notes the
names that it read; their digests are as they were exactly if every part is that the reading could have told of, over all
steps. So a cached result holds though a file it imports has changed elsewhere.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from stillwatch.codescan.engine.heap import State, Thing
    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.engine.sinks import Candidate
    from stillwatch.codescan.finding import Unreached

Touch = tuple[str, str]  # a file and a name in it, or one of these
ALL, AROUND = "*", "#around"  # its names; what others register and find in it
LINE = "#line "  # and a number: what stands there, from the start of its part; of 0: where all parts start
IMPORT, CHILD, FRAMEWORKS = "#import", "#child", "#frameworks"  # in the place of a file
KEPT = "#kept "  # and the path of a thing outside, which is no file either
Part = tuple[str, int]
REST = -1


@dataclass(slots=True)
class Parts:
    """A module's parts: the text and line of each, what it read, and which names it binds."""

    texts: list[str]
    lines: list[int]
    reads: list[set[Touch]]
    apart: list[bool]
    binders: dict[str, list[int]]
    bound: list[int]  # how many names each binds
    running: tuple[str, ...]
    rest_reads: set[Touch] = field(default_factory=set)


class _Written(dict[int, "Thing"]):
    """What a run holds, with where something was put."""

    def __init__(self, held: Mapping[int, Thing]) -> None:
        super().__init__(held)
        self.put: list[int] = []

    def __setitem__(self, address: int, thing: Thing) -> None:
        self.put.append(address)
        super().__setitem__(address, thing)


class Dependence:
    """The record of one code base. `noted` is where reads go at present."""

    def __init__(self) -> None:
        self.noted: set[Touch] = set()
        self.parts: dict[str, Parts] = {}
        self._owners: dict[int, str] = {}
        # by module, parts of others: that changed what it had made, and that registered or found something in it
        self.changed_by: dict[str, list[Part]] = {}
        self.told_by: dict[str, set[Part]] = {}
        self.order: list[str] = []
        self._at: Part | None = None

    def begin(self, module: Module, running: Iterable[str]) -> None:
        assert module.source is not None
        body = module.source.tree.body
        texts = [_text(module.source.lines, statement) for statement in body]
        binders: dict[str, list[int]] = {}
        for number, statement in enumerate(body):
            for name in _bound(statement):
                binders.setdefault(name, []).append(number)
        assert module.scope is not None
        self.owns(module.scope, module.path)
        twice = {number for numbers in binders.values() if len(numbers) > 1 for number in numbers}
        self.parts[module.path] = Parts(
            texts,
            [_first(statement) for statement in body],
            [set() for _ in body],
            [bool(_bound(statement)) and number not in twice for number, statement in enumerate(body)],
            binders,
            [len(_bound(statement)) for statement in body] + [0],  # and the rest, which is the last one
            tuple(running),
        )

    @contextmanager
    def part(self, run: Run, module: Module, number: int, state: State) -> Iterator[None]:
        """Note what a statement of a module reads while it is run, whom it changes, and in whose code it found something."""
        parts = self.parts[module.path]
        before = self.noted, self._at
        self.noted = parts.rest_reads if number == REST else parts.reads[number]
        self._at = module.path, number
        found, missed = len(run.candidates), len(run.project.unreached)
        state.own = own = _Written(state.own)
        known = dict(own)
        try:
            yield
        finally:
            self._note_changes(module, number, known, own.put if state.own is own else None, state)
            met: list[Candidate | Unreached] = [*run.candidates[found:]]
            if len(run.project.unreached) > missed:
                met.extend(islice(run.project.unreached.values(), missed, None))
            for one in met:
                self.around(one.location.path)
            self.noted, self._at = before

    @contextmanager
    def apart(self) -> Iterator[set[Touch]]:
        """What is read meanwhile, apart from what was read before."""
        before, self.noted = self.noted, set()
        meanwhile = self.noted
        try:
            yield meanwhile
        finally:
            before |= meanwhile
            self.noted = before

    def _note_changes(
        self, module: Module, number: int, known: Mapping[int, Thing], put: list[int] | None, state: State
    ) -> None:
        """`put` names what was put somewhere, in order; None where states were joined, and all has to be compared."""
        joined = put is None
        if put is None:
            put = [address for address, thing in state.own.items() if known.get(address) is not thing]
        others = {self._owners[address] for address in put if address in self._owners} - {module.path}
        for path in others:
            self.changes(path)
        old = any(address in known for address in put if address != module.scope)
        if joined or old or put.count(module.scope or 0) > self.parts[module.path].bound[number]:
            self.changes(module.path)

    def owns(self, address: int, path: str) -> None:
        """An object belongs to what has this path: a module, or a thing outside that keeps what is stored in it."""
        self._owners[address] = path

    def changes(self, path: str) -> None:
        """What is run at present changes what has this path; where that is its own module, it is one with the rest of it."""
        if self._at is None:
            return
        own, number = self._at
        if own != path:
            self.changed_by.setdefault(path, []).append(self._at)
        elif number != REST:
            self.parts[own].apart[number] = False

    @property
    def in_module_code(self) -> bool:
        return self._at is not None

    def end(self, module: Module, state: State, base: Container[int], *, whole: bool) -> None:
        """A module has run; `whole` says that how far depended on all of it."""
        self.order.append(module.path)
        self._owners.update({address: module.path for address in state.own if address not in base})
        if whole:
            parts = self.parts[module.path]
            parts.apart = [False] * len(parts.apart)

    def around(self, path: str) -> None:
        """What is run at present told something of another file."""
        if self._at is not None and self._at[0] != path:
            self.told_by.setdefault(path, set()).add(self._at)

    def read_by(self, module: Module) -> set[Touch]:
        """All that a module's own code read, and what others may have told of it."""
        parts = self.parts.get(module.path)
        read = set().union(*parts.reads, parts.rest_reads) if parts is not None else set()
        return {*read, (module.path, ALL), (module.path, AROUND)}


def _text(lines: tuple[str, ...], statement: nodes.Statement) -> str:
    return "\n".join(lines[_first(statement) - 1 : statement.at[2]])


def _first(statement: nodes.Statement) -> int:
    """The line on which a statement begins, with its decorators."""
    decorators = statement.decorators if isinstance(statement, nodes.Function | nodes.Class) else ()
    return min([statement.at[0], *(one.at[0] for one in decorators)])


def _bound(statement: nodes.Statement) -> tuple[str, ...]:
    """The names of a statement that does nothing else, as far as its form says."""
    match statement:
        case nodes.Function() | nodes.Class():
            return (statement.name,)
        case nodes.Import():
            return tuple(alias or name.partition(".")[0] for name, alias in statement.names)
        case nodes.ImportFrom() if all(name != "*" for name, _ in statement.names):
            return tuple(alias for _, alias in statement.names)
        case nodes.Assign() if all(isinstance(target, nodes.Name) for target in statement.targets):
            return tuple(target.name for target in statement.targets if isinstance(target, nodes.Name))
        case nodes.Annotated(target=nodes.Name()):
            return (statement.target.name,) if isinstance(statement.target, nodes.Name) else ()
    return ()
