"""Watches the places of findings: what is called there, and with what.

The modules of the code base are compiled from a tree in which each such place tells first. So one way of watching serves
every sink there is, in C or in Python, and it is known for sure whether a place was reached.
"""

from __future__ import annotations

import ast
import builtins
import io
import os
import sys
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CALLED, GIVEN = "__stillwatch_called__", "__stillwatch_given__"
TEXT_LIMIT, ITEMS_LIMIT, DEPTH_LIMIT, ARRIVALS_LIMIT = 20_000, 50, 4, 50


EFFECTS_LIMIT = 200


class Stopped(BaseException):
    """Ends a request at the sink it was sent for, before the sink does its work; no handler of `Exception` swallows it."""


class Watch:
    """What arrives at the one place that is watched at a time."""

    def __init__(self) -> None:
        self.place: int | None = None
        self.stops = False
        self.confined: str | None = None
        self.arrived: list[dict[str, Any]] = []
        self.stands_for: dict[int, int] = {}
        self.opened: list[str] | None = None

    def aim(self, place: int | None, *, stops: bool = False, confined: str | None = None) -> None:
        self.place = None if place is None else self.stands_for.get(place, place)
        self.stops, self.confined, self.arrived = stops, confined, []

    def tell(self, place: int, arguments: tuple[Any, ...], keywords: dict[str, Any], receiver: Any) -> None:
        if place != self.place or len(self.arrived) >= ARRIVALS_LIMIT:
            return
        named = {name: shown(value) for name, value in keywords.items()}
        self.arrived.append(
            {"arguments": [shown(one) for one in arguments], "keywords": named, "self": shown(receiver)}
        )
        if self.stops:
            raise Stopped
        if self.confined is not None:
            for value in (*arguments, *keywords.values(), receiver):
                if isinstance(value, (str, os.PathLike)) and _leaves(value, self.confined):
                    raise PermissionError(f"{value!r} is outside the code base")


def _leaves(path: Any, root: str) -> bool:
    try:
        return not (os.path.realpath(path) + os.sep).startswith((os.path.realpath(root) + os.sep, "/tmp/"))  # noqa: S108
    except (OSError, ValueError, TypeError):
        return False


watch = Watch()


def shown(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """A value as data: its texts, as far as they can be had without running foreign code."""
    if value is None or type(value) in {bool, int, float}:
        return value
    if isinstance(value, str):
        return str.__str__(value)[:TEXT_LIMIT]
    if isinstance(value, (bytes, bytearray)):
        return bytes(value[:TEXT_LIMIT]).decode("utf-8", "replace")
    if depth and isinstance(value, (list, tuple)):
        return [shown(one, depth - 1) for one in list(value)[:ITEMS_LIMIT]]
    if depth and isinstance(value, dict):
        return [shown(one, depth - 1) for one in list(value.values())[:ITEMS_LIMIT]]
    return _shown_thing(value)


def _shown_thing(value: Any) -> Any:
    kind = type(value)
    if isinstance(value, (io.StringIO, io.BytesIO)):
        return shown(value.getvalue())
    if isinstance(value, os.PathLike) or kind.__module__.startswith(("sqlalchemy.", "psycopg")):
        try:
            return shown(os.fspath(value) if isinstance(value, os.PathLike) else str(value))
        except Exception as error:  # noqa: BLE001 - foreign code; that it fails is what there is to show
            return f"<{kind.__name__}: {error}>"
    return f"<{kind.__module__}.{kind.__qualname__}>"


def _opens(event: str, arguments: tuple[Any, ...]) -> None:
    """Files that are opened while the watched call runs."""
    if (
        event == "open"
        and watch.opened is not None
        and len(watch.opened) < EFFECTS_LIMIT
        and isinstance(arguments[0], (str, bytes))
    ):
        watch.opened.append(os.fsdecode(arguments[0]))


def _effects(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Make the watched call, and note the files it opens and the text of the document it gives."""
    told = watch.arrived[-1]
    watch.opened = told["opened"] = []
    try:
        result = function(*arguments, **keywords)
    finally:
        watch.opened = None
    if hasattr(result, "itertext") or hasattr(result, "getroot"):
        root = result.getroot() if hasattr(result, "getroot") else result
        told["held"] = "".join(root.itertext())[:TEXT_LIMIT] if hasattr(root, "itertext") else ""
    return result


def _called(place: int, function: Any, /, *arguments: Any, **keywords: Any) -> Any:
    watch.tell(place, arguments, keywords, getattr(function, "__self__", None))
    if function is eval or function is exec:  # they see the names of who calls them
        frame = sys._getframe(1)  # noqa: SLF001 - the way to a caller's names
        arguments = (
            (*arguments, frame.f_globals, frame.f_locals)
            if len(arguments) == 1 and not keywords
            else arguments
        )
    if place == watch.place and watch.arrived:
        return _effects(function, arguments, keywords)
    return function(*arguments, **keywords)


def _given(place: int, value: Any) -> Any:
    watch.tell(place, (value,), {}, None)
    return value


def _by(wanted: list[dict[str, Any]], form: str, key: Callable[[dict[str, Any]], Any]) -> dict[Any, int]:
    """The places of one form; where several findings are about one, the probe tells the first, which stands for all."""
    found: dict[Any, int] = {}
    for one in wanted:
        if one["form"] == form:
            watch.stands_for[one["place"]] = found.setdefault(key(one), one["place"])
    return found


class _Telling(ast.NodeTransformer):
    """Puts a probe at each place that is wanted: around a call, a returned value, or what is assigned."""

    def __init__(self, lines: list[bytes], wanted: list[dict[str, Any]]) -> None:
        self._lines = lines
        self._calls = _by(wanted, "call", lambda one: tuple(one["at"]))
        self._named = _by(wanted, "named", lambda one: one["name"])
        self._returns = _by(wanted, "answer", lambda one: tuple(one["at"][:2]))
        self._stores = _by(wanted, "store", lambda one: tuple(one["at"][:2]))

    def _column(self, line: int, offset: int) -> int:
        text = self._lines[line - 1] if line <= len(self._lines) else b""
        return len(text[:offset].decode("utf-8", "replace")) + 1

    def _at(self, node: Any) -> tuple[int, int, int, int]:
        end = node.end_lineno, self._column(node.end_lineno, node.end_col_offset)
        return node.lineno, self._column(node.lineno, node.col_offset), *end

    def _probe(self, name: str, place: int, node: ast.expr, *arguments: ast.expr) -> ast.Call:
        probe = ast.Call(ast.Name(name, ast.Load()), [ast.Constant(place), *arguments], [])
        return ast.copy_location(probe, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        place = self._calls.get(self._at(node), self._named.get(name))
        self.generic_visit(node)
        if place is None or (isinstance(node.func, ast.Name) and node.func.id == "super"):
            return node
        probe = self._probe(CALLED, place, node, node.func, *node.args)
        probe.keywords = node.keywords
        return probe

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        place = self._stores.get(self._at(node)[:2])
        self.generic_visit(node)
        if place is not None:
            for target in node.targets:
                if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
                    target.slice = self._probe(GIVEN, place, target.slice, target.slice)
            node.value = self._probe(GIVEN, place, node.value, node.value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        place = self._returns.get(self._at(node)[:2])
        self.generic_visit(node)
        if place is not None and node.value is not None:
            node.value = self._probe(GIVEN, place, node.value, node.value)
        return node


def install(root: str, wanted: list[dict[str, Any]]) -> None:
    """Watch these places in modules that are imported from now on."""
    by_path: dict[str, list[dict[str, Any]]] = {}
    for one in wanted:
        by_path.setdefault(os.path.realpath(os.path.join(root, one["path"])), []).append(one)
    sys.addaudithook(_opens)
    setattr(builtins, CALLED, _called)
    setattr(builtins, GIVEN, _given)
    before: Callable[..., Any] = SourceFileLoader.source_to_code

    def source_to_code(self: SourceFileLoader, data: Any, path: Any, **options: Any) -> Any:
        here = by_path.get(os.path.realpath(os.fsdecode(path))) if isinstance(path, (str, bytes)) else None
        if here is not None and isinstance(data, (bytes, bytearray)):
            tree = _Telling(bytes(data).split(b"\n"), here).visit(ast.parse(bytes(data), path))
            return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
        return before(self, data, path, **options)

    SourceFileLoader.source_to_code = source_to_code  # type: ignore[assignment,method-assign]  # the one way in
