"""All models together, as the interpreter asks for them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from stillwatch.codescan import checks, models
from stillwatch.codescan.engine.values import Constant, Outside, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stillwatch.codescan.checks import Rule
    from stillwatch.codescan.models import EntryModel, SinkModel, SourceModel, StoreModel


class Library:
    """Look-ups by dotted name."""

    def __init__(self, found: Iterable[models.Model], rules: Iterable[Rule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.aliases: dict[str, str] = {}
        self.gives: dict[str, str] = {}
        self.sources: dict[str, SourceModel] = {}
        self.sinks: dict[str, list[SinkModel]] = {}
        self.cleans: dict[str, frozenset[str]] = {}
        self._validates: dict[str, frozenset[str]] = {}
        self.same_as: dict[str, str] = {}
        self.passes: set[str] = set()
        self.drops: set[str] = set()
        self.raises: set[str] = set()
        self.keeps: set[str] = set()
        self.values: dict[str, str] = {}
        self.later: dict[str, int] = {}
        self.registers: dict[str, list[tuple[str, EntryModel]]] = {}
        self.types: set[str] = set()
        self.stores: dict[str, StoreModel] = {}
        self.entries: list[tuple[str, EntryModel]] = []
        self._names: dict[str, str] = {}
        self.requests: set[str] = set()
        self.unknown_framework: EntryModel | None = None
        for model in found:
            self._add(model)

    def _add(self, model: models.Model) -> None:
        self.aliases.update(model.aliases)
        self.gives.update(model.gives)
        self.sources.update(model.sources)
        self.same_as.update(model.same_as)
        self.stores.update(model.stores)
        self.passes.update(model.passes)
        self.drops.update(model.drops)
        self.raises.update(model.raises)
        self.keeps.update(model.keeps)
        self.values.update(model.values)
        self.later.update(model.later)
        self.cleans.update({path: frozenset(rules) for path, rules in model.cleans.items()})
        self._validates.update({path: frozenset(rules) for path, rules in model.validates.items()})
        self.entries.extend((model.name, entry) for entry in model.entries if entry.register is None)
        for entry in model.entries:
            if entry.register is not None:
                self.registers.setdefault(entry.register, []).append((model.name, entry))
                unknown = f"?.{entry.register.rpartition('.')[2]}"
                self.registers.setdefault(unknown, []).append((model.name, entry))
        calls = [sink.call or sink.set or "" for sink in model.sinks]
        for path in (*model.sources, *model.gives, *model.later, *calls):
            head, _, name = path.removesuffix("[]").rpartition(".")
            if head and not name.endswith("()[]"):
                self.types.add(head)
        for entry in model.entries:
            if entry.decorator == "*":
                self.unknown_framework = entry
        self.requests.update(entry.request for entry in model.entries if entry.request is not None)
        for sink in model.sinks:
            self.sinks.setdefault(sink.call or sink.set or "", []).append(sink)

    def name(self, path: str) -> str:
        """The name under which models know something, by the aliases of it and of what it is part of."""
        known = self._names.get(path)
        if known is None:
            known = self._names[path] = self._resolved(path)
        return known

    def _resolved(self, path: str) -> str:
        for _ in range(10):
            if path in self.aliases:
                path = self.aliases[path]
                continue
            head, dot, tail = path.rpartition(".")
            if not dot:
                return path
            better = self.name(head)
            if better == head:
                return path
            path = f"{better}.{tail}"
        return path

    def outside(self, path: str) -> Value:
        """The value of an imported name."""
        from stillwatch.codescan.engine.constants import constant  # noqa: PLC0415 - small, and of rare use here

        path = self.name(path)
        try:
            return Constant(constant(path))
        except LookupError:
            return Outside(path)

    def source(self, path: str) -> SourceModel | None:
        """What comes in by an attribute: by its own name, or by that of any of its type."""
        return self.sources.get(path) or self.sources.get(f"{path.rpartition('.')[0]}.*")

    def given(self, path: str) -> str | None:
        """The type of what an attribute gives, as for `source`."""
        return self.gives.get(path) or self.gives.get(f"{path.rpartition('.')[0]}.*")

    def validates(self, path: str) -> frozenset[str]:
        return self._validates.get(path, frozenset())

    def has(self, group: set[str], path: str) -> bool:
        """Whether a name is in a group, itself or by a `.*`."""
        if path in group:
            return True
        head = path
        while "." in head:
            head = head.rpartition(".")[0]
            if f"{head}.*" in group:
                return True
        return False


@cache
def library() -> Library:
    return Library(models.catalogue(), checks.catalogue())
