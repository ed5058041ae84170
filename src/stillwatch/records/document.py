"""A YAML file as values that know where they stand, so that every complaint names file, line and column.

A subset of YAML 1.2: mappings, lists and plain values. `off` is a word here, not a false; anchors, aliases and
tags of one's own are refused.
"""

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from stillwatch.records.errors import InvalidConfiguration

if TYPE_CHECKING:
    import yaml

MISSING = "files in YAML need PyYAML: pip install 'stillwatch[live]' or 'stillwatch[access]'"
DEEPEST = 20
_STANDARD = re.compile(r"tag:yaml\.org,2002:(str|bool|int|float|null|map|seq|timestamp|merge|value)")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LENGTH = re.compile(r"([1-9][0-9]{0,6})([smhd])", re.ASCII)
UNITS = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class Place(NamedTuple):
    """A spot in a file, counted from 1."""

    file: str
    line: int
    column: int

    def wrong(self, message: str) -> InvalidConfiguration:
        return InvalidConfiguration(f"{self.file}:{self.line}:{self.column}: {message}")


class Value(msgspec.Struct, frozen=True, eq=False):
    """`content` is a scalar, a list of values, or a mapping; `text` a scalar as it was written."""

    content: "str | int | float | bool | list[Value] | dict[str, Value] | None"
    place: Place
    text: str = ""
    span: tuple[int, int] = (0, 0)  # characters of the file, for places within a long text
    style: str | None = None
    key: Place | None = None  # of the key before it, in a mapping

    def mapping(self, what: str, known: Iterable[str]) -> "dict[str, Value]":
        """The entries of a mapping; raises InvalidConfiguration for a key that is not `known`."""
        if not isinstance(self.content, dict):
            raise self.place.wrong(f"{what} is a mapping")
        allowed = list(known)
        for key, value in self.content.items():
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                hint = f"did you mean {near[0]}?" if near else f"{what} takes {', '.join(allowed)}"
                raise (value.key or value.place).wrong(f"{key}: no such key: {hint}")
        return self.content

    def items(self, what: str) -> "list[Value]":
        if not isinstance(self.content, list):
            raise self.place.wrong(f"{what} is a list")
        return self.content

    def words(self, what: str) -> str:
        """Text that is not empty."""
        if not isinstance(self.content, str) or not self.content.strip():
            raise self.place.wrong(f"{what} is text")
        return self.content.strip()

    def one_of(self, what: str, known: Iterable[str]) -> str:
        allowed = list(known)
        word = self.text
        if word not in allowed or not isinstance(self.content, str):
            near = get_close_matches(word, allowed, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it is one of {', '.join(allowed)}"
            raise self.place.wrong(f"{what} cannot be {shown(word)}: {hint}")
        return word

    def truth(self, what: str) -> bool:
        if not isinstance(self.content, bool):
            raise self.place.wrong(f"{what} is true or false")
        return self.content

    def whole(self, what: str, least: int) -> int:
        if not isinstance(self.content, int) or isinstance(self.content, bool) or self.content < least:
            raise self.place.wrong(f"{what} is a whole number of {least} or more")
        return self.content

    def share(self, what: str) -> float:
        """A number from 0 to 1."""
        number = self.content
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1:
            raise self.place.wrong(f"{what} is a number from 0 to 1")
        return float(number)

    def length(self, what: str) -> int:
        """A length of time in microseconds."""
        match = _LENGTH.fullmatch(self.text)
        if match is None:
            raise self.place.wrong(
                f"{what} is a number and a unit, such as 90s, 30m, 24h or 7d, not {shown(self.text)}"
            )
        return int(match[1]) * UNITS[match[2]]


def shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def read(text: str, file: str) -> Value:
    """Raises InvalidConfiguration with the place of what is wrong."""
    try:
        import yaml  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise InvalidConfiguration(MISSING) from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        raise place.wrong(f"not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise Place(file, 1, 1).wrong(f"not YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise Place(file, 1, 1).wrong("nested too deep") from error
    except (ValueError, OverflowError) as error:  # of an escape that is no character
        raise Place(file, 1, 1).wrong(f"not YAML: {error}") from error
    if root is None:
        raise Place(file, 1, 1).wrong("the file is empty")
    return _Reader(file).value(root, 0)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[int] = set()

    def value(self, node: "yaml.Node", depth: int) -> Value:
        mark = node.start_mark
        place = Place(self.file, mark.line + 1, mark.column + 1)
        if id(node) in self.seen:
            raise place.wrong("anchors and aliases are not read; write it out")
        self.seen.add(id(node))
        if depth > DEEPEST:
            raise place.wrong("nested too deep")
        if not _STANDARD.fullmatch(node.tag):
            raise place.wrong(f"tag {shown(node.tag)} is not read")
        span = (mark.index, node.end_mark.index)
        if isinstance(node.value, str):
            style: str | None = getattr(node, "style", None)
            content = node.value if style else _scalar(node.value)
            return Value(content, place, node.value, span, style)
        if node.tag.endswith(":seq"):
            return Value([self.value(item, depth + 1) for item in node.value], place, "", span)
        return Value(self.entries(node, depth), place, "", span)

    def entries(self, node: "yaml.Node", depth: int) -> dict[str, Value]:
        out: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = self.value(key_node, depth + 1)
            if not key.text:
                raise key.place.wrong("a key is a word")
            if key.text in out:
                raise key.place.wrong(f"{key.text} stands twice")
            value = self.value(value_node, depth + 1)
            out[key.text] = msgspec.structs.replace(value, key=key.place)
        return out


def _scalar(text: str) -> str | int | float | bool | None:
    """A plain value by the rules of YAML 1.2: `off`, `yes` and `1:30` are text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else text


def place_within(value: Value, offset: int, source: str) -> Place:
    """Where in the file the character `offset` of a text stands.

    A text over several lines is folded, so places are found by counting the characters that are no spaces.
    """
    start, end = value.span
    raw = source[start:end]
    at = 0
    if value.style in {"|", ">"}:
        at = raw.find("\n") + 1
    elif value.style:
        at = 1
    wanted = sum(not character.isspace() for character in value.text[:offset])
    while at < len(raw) and (wanted or raw[at].isspace()):
        wanted -= not raw[at].isspace()
        at += 1
    before = source[: start + at]
    return Place(value.place.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
