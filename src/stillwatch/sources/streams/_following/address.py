"""Addresses of streams: where something is, and the options after the question mark."""

from collections.abc import Collection
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from stillwatch.records import UsageError


class Address(msgspec.Struct, frozen=True):
    """An address taken apart; `shown` is what may be told to people."""

    shown: str
    scheme: str
    host: str  # host:port, or several with commas between
    path: str
    options: dict[str, str]


def parse(address: str, known: Collection[str]) -> Address:
    """Take an address apart. Raises UsageError for options nobody knows, and for credentials within it."""
    parts = urlsplit(address)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if "@" in parts.netloc:
        raise UsageError(
            f"{shown}: credentials do not belong in an address, which is shown in process lists and logs;"
            " put them into the environment or a file"
        )
    path = unquote(parts.path)
    return Address(shown, parts.scheme, parts.netloc, path, parse_options(shown, parts.query, known))


def parse_options(shown: str, query: str, known: Collection[str]) -> dict[str, str]:
    """The options of an address. Raises UsageError for one that nobody knows, is empty or is said twice."""
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            raise UsageError(f"{shown}: no option {name}; there is {', '.join(sorted(known))}")
        if name in options or not value:
            raise UsageError(f"{shown}: option {name} wants one value")
        options[name] = value
    return options
