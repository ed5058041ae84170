"""The modules of a code base: which file an import means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stillwatch.codescan.syntax.reading import Source


@dataclass(eq=False, slots=True)
class Module:
    """A module or package: `source` is None for a folder without code; `scope` its globals once it ran."""

    name: str
    path: str
    source: Source | None
    is_package: bool
    scope: int | None = None
    imports: set[str] = field(default_factory=set)

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


class Modules:
    """All modules of a code base by their place, found the way Python would from each place that can be a root."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.by_path: dict[str, Module] = {}
        self._folders: dict[str, Module] = {"": Module("", "", None, is_package=True)}
        for path in sorted(sources):
            self._add(path, sources[path])
        self._roots = self._found_roots()

    def __iter__(self) -> Iterator[Module]:
        return iter(self.by_path.values())

    def _add(self, path: str, source: Source) -> None:
        folder, _, file = path.rpartition("/")
        parts = folder.split("/") if folder else []
        for depth in range(1, len(parts) + 1):
            place = "/".join(parts[:depth])
            self._folders.setdefault(place, Module(".".join(parts[:depth]), place, None, is_package=True))
        if file == "__init__.py":
            module = Module(".".join(parts), path, source, is_package=True)
            self._folders[folder] = module
        else:
            module = Module(".".join((*parts, file.rpartition(".")[0])), path, source, is_package=False)
        self.by_path[path] = module

    def _found_roots(self) -> tuple[str, ...]:
        """Folders that Python may search: those that are no packages themselves and hold modules or packages."""
        found = {"", "src", "lib"}
        for path in self.by_path:
            folder = path.rpartition("/")[0]
            while folder and self._folders[folder].source is not None:
                folder = folder.rpartition("/")[0]
            found.add(folder)
        return tuple(
            sorted(
                (place for place in found if place in self._folders), key=lambda place: (len(place), place)
            )
        )

    def at(self, path: str) -> Module | None:
        """The module of a file, or the package of a folder."""
        return self.by_path.get(path) or self._folders.get(path)

    def child(self, package: Module, name: str) -> Module | None:
        """A module or package directly inside a package."""
        if not package.is_package:
            return None
        place = package.path.removesuffix("/__init__.py") if package.source is not None else package.path
        if package.path == "__init__.py":
            place = ""
        return self._at(place, name)

    def _at(self, place: str, name: str) -> Module | None:
        inside = f"{place}/{name}" if place else name
        return self.by_path.get(f"{inside}.py") or self._folders.get(inside)

    def find(self, name: str, folder: str) -> Module | None:
        """What `import name` means in a module of this folder of the code base; None if it comes from elsewhere."""
        first, *rest = name.split(".")
        for root in dict.fromkeys((*self._roots, folder)):
            module = self._at(root, first)
            for part in rest:
                module = None if module is None else self.child(module, part)
            if module is not None and (module.source is not None or self._holds(module)):
                return module
        return None

    def _holds(self, folder: Module) -> bool:
        return any(path.startswith(f"{folder.path}/") for path in self.by_path)

    def relative(self, name: str, level: int, folder: str) -> Module | None:
        """What `from ..name import` means in a module of this folder."""
        place = folder
        for _ in range(level - 1):
            place = place.rpartition("/")[0]
        module = self._folders.get(place)
        for part in name.split(".") if name else ():
            module = None if module is None else self.child(module, part)
        return module
