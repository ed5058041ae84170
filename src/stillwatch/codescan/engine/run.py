"""One run of the interpreter: where it is, what it may still spend, and what it has seen."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from stillwatch.codescan.engine.heap import Scope, State, Thing
from stillwatch.codescan.engine.taints import CLEAN, Taints
from stillwatch.codescan.engine.values import Ref, Routine, Value, chosen, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.payloads import Following
    from stillwatch.codescan.engine.project import Project, Spawned
    from stillwatch.codescan.engine.sinks import Candidate
    from stillwatch.codescan.finding import Entry
    from stillwatch.codescan.syntax import nodes

STEP_LIMIT = 40_000  # evaluations of one root; code beyond is said to be analysed in part
CAREFUL = 5_000  # evaluations after which calls are followed only if they are given others' data
FRUGAL = 15_000  # evaluations after which no calls are followed
CALL_DEPTH = 12  # calls of the code base inside each other
RECURSION = 5  # times one function may be in the stack
LOOP_LIMIT = 24  # rounds of a loop that are followed one by one
FOLLOWED_STEPS, FOLLOWED_DEPTH, FOLLOWED_RECURSION, FOLLOWED_LOOP = 60_000, 40, 30, 600  # with a payload

_addresses = count(1)


class Thrown(Exception):
    """The analysed program certainly raises here."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Spent(Exception):
    """The run used up its steps."""


@dataclass(slots=True)
class Loop:
    """States that left a loop, or its round, early."""

    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)


@dataclass(slots=True)
class Frame:
    """A call that is being run: the ways out of it so far."""

    module: Module
    routine: Routine | None
    returns: list[tuple[Value, State]] = field(default_factory=list)
    raises: list[tuple[Value, State]] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    undecided: bool = False
    sent: Value | None = None
    kept: bool = False  # a function defined inside may still read its variables


class Run:
    """What the parts of the interpreter share while one root is run."""

    def __init__(self, project: Project, following: Following | None = None) -> None:
        self.project = project
        self.following = following
        self.frames: list[Frame] = []
        self.steps = 0
        self.risks = 0
        self.entry: Entry | None = None
        self.answers = ""
        self.root: Spawned | None = None
        self.candidates: list[Candidate] = []
        self.spawned: list[tuple[Routine, tuple[Value, ...], State]] = []
        self.thrifty = False
        self.ended = False
        self.making: list[Ref] = []
        self.noted: dict[tuple[int, str], Value] = {}
        self.factories: dict[int, Value] = {}
        self.generators: dict[int, tuple[Routine, dict[str, Value]]] = {}
        followed = following is not None
        self.step_limit = FOLLOWED_STEPS if followed else STEP_LIMIT
        self.call_depth = FOLLOWED_DEPTH if followed else CALL_DEPTH
        self.recursion = FOLLOWED_RECURSION if followed else RECURSION
        self.loop_limit = FOLLOWED_LOOP if followed else LOOP_LIMIT

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def module(self) -> Module:
        return self.frames[-1].module

    def step(self) -> None:
        self.steps += 1
        if self.steps > self.step_limit:
            raise Spent

    def new(self, thing: Thing, state: State, taints: Taints = CLEAN) -> Ref:
        address = next(_addresses)
        state.own[address] = thing
        return Ref(address, taints)

    def risky(self, taints: Taints = CLEAN, path: str = "?") -> Value:
        """The result of something that may raise and is not known."""
        self.risks += 1
        return unknown(taints, path)

    def one_of(self, ways: Iterable[Callable[[], Value]]) -> Value:
        """The value of one of several computations; those that raise are left out, unless all do."""
        found: list[Value] = []
        thrown: Thrown | None = None
        for way in ways:
            try:
                found.append(way())
            except Thrown as error:
                self.risks += 1
                thrown = error
        if not found and thrown is not None:
            raise thrown
        return chosen(found)

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[Frame]:
        self.frames.append(frame)
        try:
            yield frame
        finally:
            self.frames.pop()


def scope_of(state: State) -> Scope:
    found = state.thing(state.scope)
    assert isinstance(found, Scope)
    return found


EVALUATE: dict[type, Callable[..., Value]] = {}
EXECUTE: dict[type, Callable[..., bool]] = {}


def evaluate(run: Run, node: nodes.Expression, state: State) -> Value:
    """The value of an expression; the state is changed as evaluating it would."""
    run.step()
    return EVALUATE[type(node)](run, node, state)


def block(run: Run, body: nodes.Block, state: State) -> bool:
    """Run statements in the state; whether their end is reached."""
    for statement in body:
        run.step()
        try:
            if not EXECUTE[type(statement)](run, statement, state):
                return False
        except Thrown as thrown:
            run.frame.raises.append((thrown.value, state.copy()))
            return False
    return True
