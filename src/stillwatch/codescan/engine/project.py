"""A code base that is being analysed: its modules, what they left, and what is known of its classes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from stillwatch.codescan.engine.dependence import CHILD, IMPORT, KEPT, REST, Dependence
from stillwatch.codescan.engine.digests import Digests
from stillwatch.codescan.engine.heap import ClassObject, Instance, Scope, State, Thing, deep_taints
from stillwatch.codescan.engine.library import Library, library
from stillwatch.codescan.engine.modules import Module, Modules
from stillwatch.codescan.engine.run import CAREFUL, Frame, Run, Spent, block
from stillwatch.codescan.engine.values import (
    Choice,
    Constant,
    Outside,
    Ref,
    Routine,
    Value,
    joined,
    options,
    unknown,
)
from stillwatch.codescan.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.dependence import Touch
    from stillwatch.codescan.engine.entries import Registered
    from stillwatch.codescan.engine.sinks import Candidate
    from stillwatch.codescan.finding import Location, Unreached
    from stillwatch.codescan.syntax.reading import Source

CONTAINERS = frozenset({"list", "dict", "set", "tuple", "frozenset"})
SCRIPT_DEPTH = 1  # calls of the code base that are followed there: functions are also run on their own
FIELD_LIMIT = 50_000  # class attributes whose values are kept between roots


@dataclass(slots=True)
class Spawned:
    """A function met while a module or another function was run, with the state it was met in."""

    routine: Routine
    decorators: tuple[Value, ...]
    state: State


class Project:
    """What all roots of a code base share."""

    def __init__(self, sources: Mapping[str, Source], models: Library | None = None) -> None:
        self.models = models or library()
        self.modules = Modules(sources)
        self.base: dict[int, Thing] = {}
        self.partial: dict[str, str] = {}
        self.spawned: dict[str, list[Spawned]] = {}
        self.candidates: list[Candidate] = []
        self.unreached: dict[tuple[str, Location], Unreached] = {}
        self.handlers = 0  # functions that requests reach
        self.frugal = 0  # functions of which not all calls were followed
        # of module code, which runs once and before any module is asked for
        self._standing: list[Candidate] = []
        self._left: dict[tuple[str, Location], Unreached] = {}
        self._cut_short: dict[str, str] = {}
        self.registered: dict[int, Registered] = {}
        self.registered_here: dict[int, Registered] = {}
        self._fields: dict[tuple[int, str], Value] = {}
        self._declared: dict[tuple[int, str], Value] = {}
        self._marks: dict[tuple[int, str], tuple[Value, ...]] = {}
        self._found: dict[tuple[str, str], Module | None] = {}
        self._running: dict[str, None] = {}  # in the order they were begun
        self.dependence = Dependence()
        # by functions that were run since a module was begun with
        self._imports_here: dict[str, set[str]] = {}
        self._keepers: dict[str, Ref] = {}

    def keeper(self, path: str, run: Run) -> Ref:
        """The object that stands for a thing outside that keeps what is stored in its attributes."""
        if path not in self._keepers:
            state = State(self.base, {}, 0)
            self._keepers[path] = run.new(Instance(Outside(path), {}), state)
            self.dependence.owns(self._keepers[path].address, f"{KEPT}{path}")
            self.base.update(state.own)
        self.touch(f"{KEPT}{path}", "")
        return self._keepers[path]

    def imported(self, name: str, importer: Module) -> Module | None:
        """The module of the code base an `import` means."""
        key = name, importer.folder
        if key not in self._found:
            self._found[key] = self.modules.find(*key)
        self.touch(IMPORT, f"{importer.folder}\0{name}")
        module = self._found[key]
        if module is None:
            self.note_outside(importer, name)
        return module

    def imported_from(self, name: str, level: int, importer: Module) -> Module | None:
        if level == 0:
            return self.imported(name, importer)
        self.touch(IMPORT, f"{importer.folder}\0{name}\0{level}")
        return self.modules.relative(name, level, importer.folder)

    def child(self, package: Module, name: str) -> Module | None:
        """A module or package directly inside a package."""
        self.touch(CHILD, f"{package.path}\0{name}")
        return self.modules.child(package, name)

    def touch(self, path: str, name: str) -> None:
        """Note that what is being analysed read this (see `dependence`)."""
        self.dependence.noted.add((path, name))

    def note_outside(self, importer: Module, name: str) -> None:
        """A module imports a package that is not of the code base: where it is run once for all, or for now."""
        once = self.dependence.in_module_code
        known = importer.imports if once else self._imports_here.setdefault(importer.path, set())
        known.add(name.partition(".")[0])

    def imports(self, module: Module, package: str) -> bool:
        """Whether a module was seen to import a package from outside."""
        return package in module.imports or package in self._imports_here.get(module.path, ())

    def ensure(self, module: Module) -> None:
        """Run the code of a module once, so that its globals are known."""
        if module.source is None or module.scope is not None or module.path in self._running:
            return
        state = State(self.base, {}, 0)
        run = Run(self)
        names: dict[str, Value] = {"__name__": Constant(module.name), "__file__": Constant(module.path)}
        with run.inside(Frame(module, None)):
            scope = run.new(Scope("module", names, None, module), state)
            module.scope = state.scope = scope.address
            self.base.update(state.own)
            self.dependence.begin(module, self._running)
            self._running[module.path] = None
            try:
                for number, statement in enumerate(module.source.tree.body):
                    with self.dependence.part(run, module, number, state):
                        if not block(run, (statement,), state):
                            self.dependence.changes(module.path)  # how far it came depends on all before
                            break
            except (Spent, RecursionError) as error:
                self._cut(module, "the module's own code", error)
            script = state.copy()
            whole = run.steps > CAREFUL or module.path in self.partial
            with self.dependence.part(run, module, REST, script):
                self._as_script(run, module, script)
        self._running.pop(module.path)
        self.dependence.end(module, state, self.base.keys(), whole=whole)
        self.base.update(state.own)
        self._keep(run, module, State(self.base, {}, scope.address))

    def _as_script(self, run: Run, module: Module, state: State) -> None:
        """Run what a module does only where it is the program itself; that leaves nothing behind for other code."""
        assert module.source is not None
        run.call_depth = SCRIPT_DEPTH
        for statement in module.source.tree.body:
            if isinstance(statement, nodes.If) and _asks_for_main(statement.test):
                try:
                    block(run, statement.body, state)
                except (Spent, RecursionError) as error:
                    self._cut(module, "what it does as a script", error)
                    return

    def _keep(self, run: Run, module: Module, state: State) -> None:
        self._standing.extend(run.candidates)
        self._left.update(self.unreached)
        self._cut_short.update({path: self.partial[path] for path in (module.path,) if path in self.partial})
        found = self.spawned.setdefault(module.path, [])
        found.extend(
            Spawned(routine, decorators, state if state.holds(routine.scope) else met)
            for routine, decorators, met in run.spawned
        )

    def start(self, module: Module) -> None:
        """Begin with a module: what was noted of others must not decide what is found here."""
        self.ensure(module)
        self.dependence.noted = set()
        self._fields.clear()
        self.frugal = self.handlers = 0
        self.unreached = {key: one for key, one in self._left.items() if one.location.path == module.path}
        self.registered_here.clear()
        self._imports_here.clear()
        self.candidates = [one for one in self._standing if one.location.path == module.path]
        self.partial = {path: reason for path, reason in self._cut_short.items() if path == module.path}

    def touched(self, module: Module) -> set[Touch]:
        """What the analysis of a module depended on since it was started."""
        return self.dependence.noted | self.dependence.read_by(module)

    @cached_property
    def digests(self) -> Digests:
        """What stands for the present state of what is read; asked for when all modules have run."""
        frameworks = ",".join(sorted({one.framework for one in self.registered.values()}))
        return Digests(self.dependence, self.modules, frameworks)

    def _cut(self, module: Module, what: str, error: Exception) -> None:
        reason = "took too many steps" if isinstance(error, Spent) else "calls itself too deep"
        self.partial.setdefault(module.path, f"{what} {reason}")

    def cut(self, module: Module, routine: Routine, error: Exception) -> None:
        """Note that a function was analysed in part."""
        self._cut(module, f"{routine.name} (line {routine.node.at[0]})", error)

    def note_field(self, kind: Value, name: str, value: Value, state: State) -> None:
        """An attribute of an instance was stored: other methods of its class may meet the value."""
        for option in options(kind):
            if not isinstance(option, Ref) or len(self._fields) > FIELD_LIMIT:
                continue
            shape = self._lasting(value, state)
            old = self._fields.get((option.address, name))
            self._fields[option.address, name] = shape if old is None else joined(old, shape)

    def _lasting(self, value: Value, state: State) -> Value:
        """A value without what lives in this run's state only."""
        if isinstance(value, Ref) and value.address not in self.base:
            thing = state.thing(value.address)
            kind = getattr(thing, "kind", None)
            taints = deep_taints(value, state)
            return Outside(kind.path, taints) if isinstance(kind, Outside) else unknown(taints)
        if isinstance(value, Choice):
            return unknown(value.taints)
        if isinstance(value, Outside):
            return Outside(value.path, value.taints)
        return value if isinstance(value, Constant | Ref) else unknown(deep_taints(value, state))

    def note_declared(self, owner: int, name: str, value: Value) -> None:
        self._declared[owner, name] = value

    def note_marks(self, owner: int, name: str, marks: Sequence[Value]) -> None:
        if marks:
            self._marks[owner, name] = tuple(marks)

    def marks(self, kind: Value, name: str) -> tuple[Value, ...]:
        """What the declaration of a field says of its values, beside its type."""
        return self._marks.get((kind.address, name), ()) if isinstance(kind, Ref) else ()

    def field(self, kind: Value, name: str) -> Value | None:
        """What an attribute of instances of a class was seen to hold, or is declared to."""
        for option in options(kind):
            if isinstance(option, Ref):
                key = option.address, name
                found = self._fields.get(key)
                return found if found is not None else self._declared.get(key)
        return None

    def instance(self, run: Run, kind: Value, state: State) -> Value:
        """A value of which only the type is known."""
        if isinstance(kind, Outside):
            if kind.path.endswith("[]"):
                held = kind.path.removesuffix("[]").rpartition(".")[2].lower()
                return Outside(held) if held in CONTAINERS else unknown()
            return Outside(self.models.name(kind.path))
        if isinstance(kind, Ref):
            thing = state.thing(kind.address)
            if isinstance(thing, ClassObject):
                return run.new(Instance(kind, {}), state)
        return unknown()


def _asks_for_main(test: nodes.Expression) -> bool:
    """Whether a condition is `__name__ == "__main__"`."""
    match test:
        case nodes.Compare(
            left=nodes.Name(name="__name__"), rest=(("==", nodes.Constant(value="__main__")),)
        ):
            return True
    return False
