"""The parts of a sink's URL."""

from collections.abc import Collection
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from stillwatch.records import UsageError

SHOWN = 24  # characters of a scheme that a message repeats


def scheme_of(url: str) -> str:
    """`webhook+https` of `webhook+https://host/`; raises UsageError where there is none."""
    scheme, colon, _ = url.partition(":")
    if not colon or not scheme:
        raise UsageError("an alarm sink is a URL such as jsonl:PATH or webhook+https://HOST/PATH")
    return scheme.lower()[:SHOWN]


def path_of(url: str) -> Path:
    """The path of `scheme:PATH`."""
    path = url.partition(":")[2]
    if not path or "\0" in path:
        raise UsageError(f"{scheme_of(url)}: names no file; write {scheme_of(url)}:PATH")
    return Path(path)


def split(url: str) -> SplitResult:
    """The parts of a URL with a host. A user or password in it is refused: command lines are seen by others."""
    scheme = scheme_of(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{scheme}: not a URL ({error})") from error
    if not parts.hostname or port == 0:
        raise UsageError(f"{scheme}: names no host; write {scheme}://HOST")
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"{scheme}: no user or password may stand in the URL")
    return parts


def options(scheme: str, text: str, known: Collection[str]) -> dict[str, str]:
    """`a=1&b=2` as a dictionary; raises UsageError on a name that is not known or comes twice."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))
    except ValueError as error:
        raise UsageError(f"{scheme}: options are written NAME=VALUE&NAME=VALUE") from error
    found = dict(pairs)
    strange = sorted(set(found) - set(known))
    if strange or len(found) != len(pairs):
        said = f"no option {strange[0][:SHOWN]!r}" if strange else "an option comes twice"
        raise UsageError(f"{scheme}: {said}; there are: {', '.join(sorted(known))}")
    return found
