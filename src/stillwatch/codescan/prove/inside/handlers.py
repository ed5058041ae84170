"""What a handler's own code says of the requests it expects: names it reads, and texts it compares with."""

from __future__ import annotations

import ast
import inspect
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {
    "args": "query", "query_params": "query", "GET": "query", "query": "query",
    "form": "form", "POST": "form", "values": "form", "json": "json",
    "headers": "header", "META": "header", "cookies": "cookie", "COOKIES": "cookie", "files": "file", "FILES": "file",
}  # fmt: skip
LOOKS = frozenset(
    {
        "startswith",
        "endswith",
        "find",
        "rfind",
        "index",
        "rindex",
        "partition",
        "rpartition",
        "split",
        "rsplit",
    }
)
READS = frozenset({"get", "getlist", "pop", "getall", "getone", "__getitem__"})
JSON = frozenset({"json", "get_json", "loads"})
SAYS = {
    "query": ("query",), "form": ("form",), "cookie": ("cookie",), "header": ("header",),
    "param": ("query", "form"), "parameter": ("query", "form"), "argument": ("query", "form"), "field": ("form",),
}  # fmt: skip
"""Words in the names of methods that read one input, and the kinds it can be of."""
WORDS_LIMIT, WORD_LIMIT, CALLED_LIMIT = 6, 60, 4


def unwrapped(function: Any) -> Any:
    """The function under its decorators and its binding."""
    with suppress(ValueError):  # decorators in a circle
        function = inspect.unwrap(function)
    return getattr(function, "__func__", function)


def place(function: Any) -> tuple[str, str, int] | None:
    """File, qualified name without marks of nesting, and first line."""
    code = getattr(unwrapped(function), "__code__", None)
    if code is None:
        return None
    return code.co_filename, unwrapped(function).__qualname__.replace(".<locals>", ""), code.co_firstlineno


def expected(path: str, first_line: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Names the function at this place reads, as (kind, key), and texts it looks for."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
    except (OSError, SyntaxError, ValueError):
        return [], []
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for node in functions:
        start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        if start == first_line:
            parts = [node, *_called(node, functions)]
            reads = dict.fromkeys(read for part in parts for read in _reads(part))
            return list(reads), list(dict.fromkeys(word for part in parts for word in _words(part)))[
                :WORDS_LIMIT
            ]
    return [], []


def _called(handler: ast.AST, functions: list[Any]) -> list[Any]:
    """Functions of the file that a handler hands its request on to, by calling them by their name."""
    calls = [
        node.func.id
        for node in ast.walk(handler)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return [one for one in functions if one.name in calls and one is not handler][:CALLED_LIMIT]


def fields(function: Any) -> list[str]:
    """Names of what a typed framework reads from a body: the fields of the models its parameters are annotated with."""
    found: list[str] = []
    for annotation in getattr(unwrapped(function), "__annotations__", {}).values():
        found.extend(getattr(annotation, "model_fields", {}))
    return found


def _reads(function: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield from _read(node.value, node.slice)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.args
            and node.func.attr in READS
        ):
            yield from _read(node.func.value, node.args[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            yield from _by_its_name(node.func.attr, node.args[0])


def _by_its_name(method: str, key: ast.expr) -> Iterator[tuple[str, str]]:
    """What a method of the program's own or of a framework reads, by the words of its name: `get_form_parameter`."""
    words = method.lower().split("_")
    if words[0] != "get" or not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return
    kinds = next((SAYS[word] for word in words[1:] if word in SAYS), ())
    yield from ((kind, key.value) for kind in kinds)


def _read(mapping: ast.expr, key: ast.expr) -> Iterator[tuple[str, str]]:
    if (
        isinstance(mapping, ast.Attribute)
        and mapping.attr in KINDS
        and isinstance(key, ast.Constant)
        and isinstance(key.value, str)
    ):
        yield KINDS[mapping.attr], key.value
    elif not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return
    elif isinstance(mapping, ast.Name) or _reads_json(mapping):
        yield "field", key.value


def _reads_json(mapping: ast.expr) -> bool:
    """Whether a mapping is what was sent as JSON: `request.get_json()`, `await request.json()`, or nothing in its place."""
    match mapping:
        case ast.BoolOp():
            return _reads_json(mapping.values[0])
        case ast.Await():
            return _reads_json(mapping.value)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in JSON
    return False


def _words(function: ast.AST) -> Iterator[str]:
    for side in _sides(function):
        for part in side.elts if isinstance(side, (ast.Tuple, ast.List, ast.Set)) else [side]:
            word = _text(part)
            if 0 < len(word) <= WORD_LIMIT:
                yield word


def _sides(function: ast.AST) -> Iterator[ast.expr]:
    """What the function compares with, or looks for in a text."""
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            yield from (node.left, *node.comparators)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOOKS:
            yield from node.args


def _text(node: ast.expr) -> str:
    """A text that is written out, in one piece or in several put together; empty where it is not."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        return left + right if left and right else ""
    return ""
