"""Operations on known values, done by Python itself: only what is pure, small and of the standard library."""

from __future__ import annotations

import importlib
import operator
import pathlib
import re
import urllib.parse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE_LIMIT = 20_000  # characters or items a known value may have
NUMBER_LIMIT = 10**30
FAILED = object()  # `attempt` gives it where Python would raise; the exception is the second part

SAFE = (
    str, bytes, int, float, complex, bool, type(None), type(...), tuple, frozenset, range, re.Pattern, re.Match,
    pathlib.PurePosixPath, urllib.parse.ParseResult, urllib.parse.SplitResult, urllib.parse.ParseResultBytes,
    urllib.parse.SplitResultBytes,
)  # fmt: skip
"""Types whose methods do nothing but compute."""

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}
UNARY: dict[str, Callable[[Any], Any]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
    "not": operator.not_,
}

PURE_MODULES = (
    "base64", "binascii", "html", "json", "math", "operator", "posixpath", "re", "shlex", "string", "textwrap",
    "unicodedata", "urllib.parse", "quopri", "fnmatch",
)  # fmt: skip
IMPURE = frozenset(
    {"json.load", "json.dump", "quopri.encode", "quopri.decode", "base64.encode", "base64.decode"}
)
POSIX_PATHS = frozenset(
    {
        "join",
        "basename",
        "dirname",
        "normpath",
        "split",
        "splitext",
        "isabs",
        "commonpath",
        "commonprefix",
        "normcase",
    }
)
PURE_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PosixPath"})
BUILTINS: dict[str, Callable[..., Any]] = {
    name: getattr(importlib.import_module("builtins"), name)
    for name in (
        "abs", "all", "any", "ascii", "bin", "bool", "bytes", "chr", "complex", "dict", "divmod", "float", "format",
        "frozenset", "hex", "int", "len", "list", "max", "min", "oct", "ord", "pow", "range", "repr", "reversed",
        "round", "set", "slice", "sorted", "str", "sum", "tuple",
    )
}  # fmt: skip
WORKING_DIRECTORY = "/srv/app"  # where programs are thought to run


def small(value: object) -> bool:
    """Whether a value is small enough to be kept as known."""
    if isinstance(value, int):
        return abs(value) < NUMBER_LIMIT
    return not isinstance(value, str | bytes | tuple | frozenset) or len(value) <= SIZE_LIMIT


def binary(symbol: str, left: object, right: object) -> object:
    """A binary operation; raises what Python raises, LookupError where it would grow too large."""
    if symbol in {"*", "**", "<<"} and _grows(symbol, left, right):
        raise LookupError
    made = BINARY[symbol](left, right)
    if not small(made) or not isinstance(made, SAFE):
        raise LookupError
    return made


def _grows(symbol: str, left: object, right: object) -> bool:
    if symbol == "*":
        for value, times in ((left, right), (right, left)):
            if isinstance(value, str | bytes | tuple) and isinstance(times, int):
                return len(value) * times > SIZE_LIMIT
        return False
    return not (isinstance(right, int | float) and abs(right) <= 64 and isinstance(left, int | float))


def method(value: object, name: str, arguments: list[object], keywords: dict[str, object]) -> object:
    """Call a method of a known value; raises what Python raises, LookupError where it is not pure or too large."""
    if not isinstance(value, SAFE) or name.startswith("_") or _repeats(name, arguments):
        raise LookupError
    if isinstance(value, pathlib.PurePath) and not hasattr(pathlib.PurePosixPath, name):
        raise LookupError
    made = getattr(value, name)(*arguments, **keywords)
    return _kept(made)


def _repeats(name: str, arguments: list[object]) -> bool:
    numbers = [argument for argument in arguments if isinstance(argument, int)]
    return name in {"ljust", "rjust", "center", "zfill", "expandtabs"} and any(
        number > 1_000 for number in numbers
    )


def _kept(made: object) -> object:
    if isinstance(made, list | set | dict):
        return made
    if not isinstance(made, SAFE):
        if hasattr(made, "__iter__") and len(taken := list(made)) <= SIZE_LIMIT:
            return taken
        raise LookupError
    if not small(made):
        raise LookupError
    return made


CONSTANT_MODULES = (*PURE_MODULES, "xml.sax.handler", "http", "errno", "stat", "socket")


def pure(path: str) -> Callable[..., Any] | None:
    """The function of the standard library at a dotted name, if calling it does nothing but compute."""
    if path in PURE_PATHS:
        return pathlib.PurePosixPath
    if path.startswith("os.path."):
        name = path.removeprefix("os.path.")
        if name in {"abspath", "realpath"}:
            return _absolute
        if name not in POSIX_PATHS:
            return None
        path = f"posixpath.{name}"
    module, _, name = path.rpartition(".")
    if module not in PURE_MODULES or name.startswith("_") or path in IMPURE:
        return None
    if module == "posixpath" and name not in POSIX_PATHS:
        return None
    found = getattr(importlib.import_module(module), name, None)
    return found if callable(found) else None


def _absolute(path: str) -> str:
    posix = importlib.import_module("posixpath")
    return str(posix.normpath(posix.join(WORKING_DIRECTORY, path)))


def constant(path: str) -> object:
    """A constant of the standard library at a dotted name (`string.ascii_letters`); LookupError if there is none."""
    module, _, name = path.rpartition(".")
    if path in {"os.sep", "os.path.sep"}:
        return "/"
    if path == "os.name":
        return "posix"
    if path == "sys.platform":
        return "linux"
    if module not in CONSTANT_MODULES:
        raise LookupError
    found = getattr(importlib.import_module(module), name, LookupError)
    if isinstance(found, re.RegexFlag):
        return int(found)
    if isinstance(found, str | bytes | int | float):
        return found
    raise LookupError


def call(function: Callable[..., Any], arguments: list[object], keywords: dict[str, object]) -> object:
    """Call a pure function on known values; raises what Python raises, LookupError where the result is too large."""
    if function is range and any(isinstance(one, int) and abs(one) > SIZE_LIMIT for one in arguments):
        raise LookupError
    if function is pow or (function is bytes and any(isinstance(one, int) for one in arguments)):
        raise LookupError
    return _kept(function(*arguments, **keywords))
