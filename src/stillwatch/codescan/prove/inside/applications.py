"""Finds the application that a handler belongs to: in the handler's module, in others that make one, or put together."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from typing import TYPE_CHECKING, Any

from inside import frameworks, handlers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

SIZE_LIMIT = 2_000_000  # bytes of a file that is looked at for an application
LEFT_OUT = frozenset({"tests", "test", "docs", "site-packages", "node_modules", "migrations"})


class Application:
    """One that was found: `module`, `name` and whether it is made by calling (`""` where we put it together)."""

    def __init__(self, framework: ModuleType, thing: Any, module: str, name: str, *, made: bool) -> None:
        self.framework, self.thing = framework, thing
        self.module, self.name, self.made = module, name, made
        self._routes: dict[tuple[str, str], list[tuple[Any, tuple[str, str, int]]]] = {}
        for route in framework.routes(thing):
            place = handlers.place(route.function)
            if place is not None:
                self._routes.setdefault((os.path.realpath(place[0]), place[1]), []).append((route, place))

    def serving(self, path: str, handler: str) -> list[tuple[Any, tuple[str, str, int]]]:
        return self._routes.get((path, handler), [])


class Finder:
    """Applications of a code base; each module is imported once, and those in `avoid` never (they ended the process)."""

    def __init__(self, root: str, avoid: list[str], tell: Callable[[str], None]) -> None:
        self._root, self._avoid, self._tell = root, set(avoid), tell
        self._applications: list[Application] = []
        self._tried: set[str] = set()
        self.failed: dict[str, str] = {}
        self._frameworks = frameworks.catalogue()
        self._makers: list[str] | None = None
        for name, framework in list(self._frameworks.items()):
            try:
                framework.quiet()
            except Exception:  # noqa: BLE001 - a framework that this interpreter lacks, or that cannot be imported in it
                del self._frameworks[name]

    def find(self, module: str, path: str, handler: str) -> tuple[Application, Any, Any] | None:
        """The application, its route and the place of the handler's code."""
        real = os.path.realpath(os.path.join(self._root, path))
        for application in self._candidates(module):
            served = application.serving(real, handler)
            if served:
                return (application, *served[0])
        return None

    def _candidates(self, module: str) -> Iterator[Application]:
        yield from self._applications
        for name in [module, *self._making(module)]:
            if name not in self._tried:
                self._tried.add(name)
                yield from self._keep(self._in_module(name))
        if f"{module} alone" not in self._tried:
            self._tried.add(f"{module} alone")
            yield from self._keep(self._around(module))

    def _keep(self, found: Iterator[Application]) -> list[Application]:
        kept = list(found)
        self._applications.extend(kept)
        return kept

    def imported(self, name: str) -> ModuleType | None:
        """The module; None where it cannot be imported, and then `failed` says why."""
        if name in self._avoid:
            return None
        self._tell(name)
        try:
            return importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001 - foreign code; SystemExit is common at import
            self.failed[name] = f"{type(error).__name__}: {error}"[:300]
            return None

    def _in_module(self, name: str) -> Iterator[Application]:
        module = self.imported(name)
        for attribute, thing in list(vars(module).items()) if module is not None else ():
            for framework in self._frameworks.values():
                if framework.is_application(thing):
                    yield Application(framework, thing, name, attribute, made=False)
        for attribute, thing in list(vars(module).items()) if module is not None else ():
            if _is_maker(thing, name):
                yield from self._made(name, attribute, thing)

    def _made(self, module: str, attribute: str, maker: Any) -> Iterator[Application]:
        self._tell(module)
        try:
            thing = maker()
        except BaseException as error:  # noqa: BLE001 - as above
            self.failed[f"{module}.{attribute}()"] = f"{type(error).__name__}: {error}"[:300]
            return
        for framework in self._frameworks.values():
            if framework.is_application(thing):
                yield Application(framework, thing, module, attribute, made=True)

    def _around(self, name: str) -> Iterator[Application]:
        module = sys.modules.get(name)
        for framework in self._frameworks.values() if module is not None else ():
            if hasattr(framework, "bare"):
                try:
                    for thing in framework.bare(module):
                        yield Application(framework, thing, name, "", made=False)
                except BaseException as error:  # noqa: BLE001 - as above
                    self.failed[name] = f"{type(error).__name__}: {error}"[:300]

    def _making(self, module: str) -> list[str]:
        """Modules whose source makes an application; those near the handler's first."""
        if self._makers is None:
            self._makers = list(_makers(self._root, self._frameworks))
        near = module.split(".")

        def distance(name: str) -> tuple[int, int, str]:
            parts = name.split(".")
            shared = next(
                (place for place, (one, other) in enumerate(zip(near, parts, strict=False)) if one != other),
                len(near),
            )
            return -shared, len(parts), name

        return sorted(self._makers, key=distance)


def _is_maker(thing: Any, module: str) -> bool:
    """A function of the module that needs nothing and whose name or result says that it makes an application."""
    if not inspect.isfunction(thing) or thing.__module__ != module or inspect.iscoroutinefunction(thing):
        return False
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return False
    needed = [
        one
        for one in parameters
        if one.default is one.empty and one.kind not in {one.VAR_POSITIONAL, one.VAR_KEYWORD}
    ]
    return not needed and "app" in thing.__name__.lower()


def _makers(root: str, known: dict[str, ModuleType]) -> Iterator[str]:
    marks = tuple(mark.encode() for framework in known.values() for mark in framework.CONSTRUCTORS)
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT and not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(".py") and os.path.getsize(path) < SIZE_LIMIT:
                with open(path, "rb") as file:
                    text = file.read()
                if any(mark in text for mark in marks):
                    yield module_name(os.path.relpath(path, root))


def module_name(path: str) -> str:
    """As the code base would import it."""
    parts = path.removesuffix(".py").split(os.sep)
    if parts[0] == "src" and len(parts) > 1:
        parts = parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
