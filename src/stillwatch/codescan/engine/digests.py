"""Digests of what an analysis read, each with all that it depends on."""

from __future__ import annotations

from bisect import bisect_right
from hashlib import sha256
from typing import TYPE_CHECKING

from stillwatch.codescan.engine.components import components
from stillwatch.codescan.engine.dependence import ALL, AROUND, CHILD, FRAMEWORKS, IMPORT, LINE, REST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stillwatch.codescan.engine.dependence import Dependence, Part, Parts, Touch
    from stillwatch.codescan.engine.modules import Modules

AROUND_PART = -2  # of a file: what others told of it


class Digests:
    """Digests of parts with all that they depend on."""

    def __init__(self, known: Dependence, modules: Modules, frameworks: str) -> None:
        self._known, self._modules, self._frameworks = known, modules, frameworks
        self._order = _hash(known.order)
        self._deep: dict[Part, str] = {}
        self._following: dict[Part, set[Part]] = {}

    def of(self, touches: Iterable[Touch]) -> dict[Touch, str]:
        """For each touch what is the same exactly if all that could change what was read is."""
        wanted = {touch: self._meant(touch) for touch in touches}
        self._go_deep({part for parts in wanted.values() for part in parts})
        return {
            touch: _hash([self._leaf(touch), *sorted(self._deep[part] for part in parts)])
            for touch, parts in wanted.items()
        }

    def _go_deep(self, roots: set[Part]) -> None:
        unknown = [part for part in roots if part not in self._deep]
        for members in components(unknown, self._undigested):
            following = set().union(*map(self._next, members)).difference(members)
            outer = {self._deep[part] for part in following}
            whole = _hash([*sorted(map(self._own, members)), *sorted(outer)])
            self._deep.update(dict.fromkeys(members, whole))

    def _meant(self, touch: Touch) -> set[Part]:
        """The parts that make what was read."""
        path, name = touch
        parts = self._known.parts.get(path)
        if parts is None:  # no file: what changed it, if anything can
            return {self._there(one) for one in self._known.changed_by.get(path, ())}
        if name.startswith(LINE):
            return set()
        if name == AROUND:
            return {(path, AROUND_PART)}
        numbers = range(len(parts.texts)) if name == ALL else parts.binders.get(name, ())
        return {(path, REST), *((path, number) for number in numbers if parts.apart[number])}

    def _undigested(self, part: Part) -> list[Part]:
        return [one for one in self._next(part) if one not in self._deep]

    def _next(self, part: Part) -> set[Part]:
        """The parts that one depends on at once."""
        if (found := self._following.get(part)) is None:
            found = self._following[part] = self._found_next(part)
        return found

    def _found_next(self, part: Part) -> set[Part]:
        path, number = part
        if number == AROUND_PART:
            return {self._there(one) for one in self._known.told_by.get(path, ())}
        parts = self._known.parts[path]
        found: set[Part] = set()
        if number == REST:
            found.update(map(self._there, self._known.changed_by.get(path, ())))
        for touch in self._reads(parts, number):
            found |= self._meant(touch)
        return found

    def _there(self, part: Part) -> Part:
        path, number = part
        apart = number != REST and self._known.parts[path].apart[number]
        return part if apart else (path, REST)

    def _reads(self, parts: Parts, number: int) -> set[Touch]:
        if number != REST:
            return parts.reads[number]
        return parts.rest_reads.union(
            *(read for read, apart in zip(parts.reads, parts.apart, strict=True) if not apart)
        )

    def _own(self, part: Part) -> str:
        path, number = part
        if number == AROUND_PART:
            return path
        parts = self._known.parts[path]
        leaves = sorted(filter(None, map(self._leaf, self._reads(parts, number))))
        if number != REST:
            return _hash([path, parts.texts[number], *self._bound_later(path, number), *leaves])
        texts = [text for text, apart in zip(parts.texts, parts.apart, strict=True) if not apart]
        order = self._order if path in self._known.changed_by else ""
        return _hash([path, *parts.running, order, *texts, *leaves])

    def _bound_later(self, path: str, number: int) -> list[str]:
        """Names of its own module that a part reads before they are bound."""
        parts = self._known.parts[path]
        own = sorted(name for place, name in parts.reads[number] if place == path)
        return [name for name in own if any(binder > number for binder in parts.binders.get(name, ()))]

    def _leaf(self, touch: Touch) -> str:
        """What was read where that is no part of a module."""
        path, name = touch
        if path == FRAMEWORKS:
            return self._frameworks
        if path in {IMPORT, CHILD}:
            return _hash([name, self._resolved(path, name)])
        parts = self._known.parts.get(path)
        if name.startswith(LINE) and parts is not None:
            return _hash([path, *_standing(parts, int(name.removeprefix(LINE)))])
        return ""

    def _resolved(self, kind: str, name: str) -> str:
        first, second, *level = name.split("\0")
        if kind == CHILD:
            package = self._modules.at(first)
            found = None if package is None else self._modules.child(package, second)
        elif level:
            found = self._modules.relative(second, int(level[0]), first)
        else:
            found = self._modules.find(second, first)
        return "" if found is None else found.path


def _standing(parts: Parts, line: int) -> list[str]:
    if line == 0:
        return list(map(str, parts.lines))
    number = bisect_right(parts.lines, line) - 1
    return [str(parts.lines[number]), parts.texts[number]] if number >= 0 else []


def _hash(texts: Iterable[str]) -> str:
    whole = sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()[:32]
