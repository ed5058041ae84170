"""Operations on known values, done by Python itself: only what is pure, small and of the standard library."""

from __future__ import annotations

import importlib
import ipaddress
import operator
import pathlib
import re
import shlex
import signal
import threading
import urllib.parse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIZE_LIMIT = 20_000  # characters or items a known value may have
NUMBER_LIMIT = 10**30

SAFE = (
    str, bytes, int, float, complex, bool, type(None), type(...), tuple, frozenset, range, re.Pattern, re.Match,
    pathlib.PurePosixPath, urllib.parse.ParseResult, urllib.parse.SplitResult, urllib.parse.ParseResultBytes,
    urllib.parse.SplitResultBytes, ipaddress.IPv4Address, ipaddress.IPv6Address, ipaddress.IPv4Network, ipaddress.IPv6Network,
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
    "unicodedata", "urllib.parse", "zlib", "quopri", "fnmatch", "ipaddress",
)  # fmt: skip
IMPURE = frozenset(
    {"json.load", "json.dump", "quopri.encode", "quopri.decode", "base64.encode", "base64.decode"}
)
LARGE = frozenset(
    {"summarize_address_range", "collapse_addresses", "main", "test", "compressobj", "decompressobj", "factorial", "comb", "perm", "mul", "imul", "pow", "ipow", "lshift", "ilshift", "call",
     "setitem", "delitem", "methodcaller", "attrgetter", "itemgetter"}
)  # fmt: skip
"""Functions of those modules that read or change something, or whose result can be larger than what they are given."""
MATCH_SECONDS = 1.0  # for one regular expression: some take years, and code bases can be hostile
WIDTH = re.compile(r"\d{4}")  # in a format: a width that makes a small value large
WIDE_CONVERSION = re.compile(r"%(?:\([^)]*\))?[-+ #0]*(?:\*|\d{4}|\d*\.(?:\*|\d{4}))")  # the same after a `%`
WIDE_FIELD = re.compile(r"\{[^{}]*:[^{}]*(?:\d{4}|\{)")  # and in braces
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


def _addressed(host: str, *_others: object, **_named: object) -> list[tuple[object, ...]]:
    """What a look-up gives for an address written as numbers; of a name nothing is known."""
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        raise LookupError from None
    return [(2 if version == 4 else 10, 1, 6, "", (host, 0))]


PURE_METHODS: dict[str, Callable[..., Any]] = {
    "ipaddress.ip_address": ipaddress.ip_address,
    "ipaddress.IPv4Address": ipaddress.IPv4Address,
    "ipaddress.IPv6Address": ipaddress.IPv6Address,
    "socket.getaddrinfo": _addressed,
    "socket.gethostbyname": lambda host: str(_addressed(host)[0][4][0]),  # type: ignore[index]  # the address comes last
    "bytes.fromhex": bytes.fromhex,
    "str.maketrans": str.maketrans,
    "int.from_bytes": int.from_bytes,
    "dict.fromkeys": dict.fromkeys,
    "float.fromhex": float.fromhex,
}
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
    if symbol == "%" and isinstance(left, str | bytes) and WIDE_CONVERSION.search(str(left)):
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
    if not isinstance(value, SAFE) or name.startswith("_") or _repeats(value, name, arguments):
        raise LookupError
    if isinstance(value, pathlib.PurePath) and not hasattr(pathlib.PurePosixPath, name):
        raise LookupError
    with _in_time(isinstance(value, re.Pattern)):
        return _kept(getattr(value, name)(*arguments, **keywords))


def _repeats(value: object, name: str, arguments: list[object]) -> bool:
    """Whether a method could give much more than it was given."""
    if name in {"ljust", "rjust", "center", "zfill", "expandtabs", "to_bytes"}:
        return any(isinstance(argument, int) and argument > 1_000 for argument in arguments)
    if name in {"format", "format_map"}:
        return isinstance(value, str) and WIDE_FIELD.search(value) is not None
    if name in {"replace", "join", "sub", "translate"}:
        sizes = [len(one) for one in (value, *arguments) if isinstance(one, str | bytes | tuple | list)]
        return sum(sizes) ** 2 > 100 * SIZE_LIMIT
    return False


@contextmanager
def _in_time(matching: bool) -> Iterator[None]:  # noqa: FBT001 - the one thing that is asked
    """Stop a regular expression that takes too long; the interpreter looks for signals while it matches."""
    if not matching or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise LookupError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MATCH_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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
    if path in PURE_METHODS:
        return PURE_METHODS[path]
    if path.startswith("os.path."):
        name = path.removeprefix("os.path.")
        if name in {"abspath", "realpath"}:
            return absolute
        if name not in POSIX_PATHS:
            return None
        path = f"posixpath.{name}"
    module, _, name = path.rpartition(".")
    if module not in PURE_MODULES or name.startswith("_") or name in LARGE or path in IMPURE:
        return None
    if module == "posixpath" and name not in POSIX_PATHS:
        return None
    found = getattr(importlib.import_module(module), name, None)
    return found if callable(found) else None


def absolute(path: str) -> str:
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
    if function in {shlex.split, shlex.quote, shlex.join} and not isinstance(arguments[0], str | list):
        raise LookupError  # without a text, it would read standard input
    if function is format and len(arguments) > 1 and WIDTH.search(str(arguments[1])):
        raise LookupError
    if function is pow or (function is bytes and any(isinstance(one, int) for one in arguments)):
        raise LookupError
    with _in_time(getattr(function, "__module__", "") == "re"):
        return _kept(function(*arguments, **keywords))
