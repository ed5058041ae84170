"""Facts out of other people's JSON: what is not there, or not of the expected type, is None."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from stillwatch.sources._reading.times import EARLIEST, EPOCH, LATEST, MICROSECOND

Json = Any  # what msgspec makes of JSON: dict, list, str, int, float, bool or None
Facts = dict[str, Any]  # field of the contract -> value, as `rows` allows it
Found = TypeVar("Found")
MICROS = (1_000_000, 1_000, 1)  # microseconds in a second, a millisecond, a microsecond


def at(document: Json, *path: str | int) -> Json:
    """The value under a path of names and places."""
    for step in path:
        if type(document) is dict:
            document = document.get(step)
        elif type(document) is list and type(step) is int and -len(document) <= step < len(document):
            document = document[step]
        else:
            return None
    return document


def text(document: Json, *path: str | int) -> str | None:
    """Text that is not empty; a number is written out."""
    value = at(document, *path)
    if type(value) is str:
        return value or None
    return str(value) if type(value) is int else None


def number(document: Json, *path: str | int) -> float | None:
    """A number, also one that was written as text."""
    value = at(document, *path)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def count(document: Json, *path: str | int) -> int | None:
    """A whole number that is not negative."""
    value = at(document, *path)
    if value is None:
        return None
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) < 20:
        value = int(value)  # not by way of a double, which cannot hold nanoseconds
    if type(value) is not int:
        value = number(value)
    return int(value) if value is not None and 0 <= value < 2**63 and value == int(value) else None


def http_status(document: Json, *path: str | int) -> int | None:
    """A status of HTTP; other numbers, such as 0 for a call that was broken off, are none."""
    value = count(document, *path)
    return value if value is not None and 100 <= value < 600 else None


def flag(document: Json, *path: str | int) -> bool | None:
    """A truth value."""
    value = at(document, *path)
    return value if isinstance(value, bool) else None


def items(document: Json, *path: str | int) -> list[Json]:
    """A list, or nothing."""
    value = at(document, *path)
    return value if isinstance(value, list) else []


def first(*values: Found | None) -> Found | None:
    """The first that is there."""
    return next((value for value in values if value is not None), None)


def parsed(value: Json) -> Json:
    """JSON that was stored as text, as exports of databases and attributes of spans do."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return msgspec.json.decode(value)
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            return value
    return value


def moment(value: Json) -> int | None:
    """Microseconds of a time: ISO 8601 text with any offset (none means UTC), or a number since 1970.

    Seconds, milliseconds, microseconds and nanoseconds of the years 2000-2100 do not overlap, so the size
    of a number tells its unit.
    """
    if isinstance(value, str):
        return _text_moment(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if EARLIEST * 1000 <= value < LATEST * 1000:
        return int(value) // 1000
    return next((round(value * unit) for unit in MICROS if EARLIEST <= value * unit < LATEST), None)


def _text_moment(value: str) -> int | None:
    counted = number(value)
    if counted is not None:
        return moment(counted)
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    return ((when if when.tzinfo else when.replace(tzinfo=EPOCH.tzinfo)) - EPOCH) // MICROSECOND


def names_of(tools: Sequence[Json]) -> list[str] | None:
    """Names of offered tools, in the shapes of OpenAI, Anthropic and Bedrock; a built-in goes by its type."""
    found = (
        first(
            text(tool, "function", "name"),
            text(tool, "name"),
            text(tool, "toolSpec", "name"),
            text(tool, "type"),
        )
        for tool in tools
    )
    return [name for name in found if name is not None] or None


def distinct(ids: Iterator[str | None]) -> list[str] | None:
    """Ids in order of first appearance."""
    return list(dict.fromkeys(each for each in ids if each)) or None


def merged(*facts: Facts) -> Facts:
    """Facts of several places; the first that states one wins."""
    result: Facts = {}
    for some in facts:
        for name, value in some.items():
            if value is not None and name not in result:
                result[name] = value
    return result
